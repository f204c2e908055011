package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.ring.StampRule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the head of a trace.dat says: formats, texts, options, and where the pages of each cpu are.
 *
 * <p>Filled by one thread while the head is read, not changed afterwards.
 */
final class DatIndex {
  private static final int MAX_FORMATS = 1 << 16;

  private final String source;
  private final List<EventFormat> formats = new ArrayList<>();
  private final List<CpuRegion> regions = new ArrayList<>();
  private int longBytes;
  private int nrCpus;
  private MemorySegment kallsyms = MemorySegment.NULL;
  private MemorySegment cmdlines = MemorySegment.NULL;
  private String clock = "";
  private String traceClock = "";
  private StampRule stamps = StampRule.AS_RECORDED;
  private TextRegion text = TextRegion.NONE;

  DatIndex(String source) {
    this.source = source;
  }

  /** What errors call the file. */
  String source() {
    return source;
  }

  void add(EventFormat format) {
    if (formats.size() == MAX_FORMATS) {
      throw new TraceException(
          source, "more than %d event formats".formatted(MAX_FORMATS), "fewer", "it is damaged");
    }
    formats.add(format);
  }

  List<EventFormat> formats() {
    return formats;
  }

  void add(CpuRegion region) {
    nrCpus = Math.max(nrCpus, region.cpu() + 1);
    if (region.bytes() != 0) {
      regions.add(region);
    }
  }

  /** The cpus that have data, buffer by buffer; the top buffer first. */
  List<CpuRegion> regions() {
    return regions;
  }

  void cpus(int count) {
    nrCpus = Math.max(nrCpus, count);
  }

  int nrCpus() {
    return Math.max(nrCpus, 1);
  }

  void longBytes(int bytes) {
    longBytes = bytes;
  }

  /**
   * Size of the recording kernel's long.
   *
   * @throws TraceException if the file does not say
   */
  int longBytes() {
    if (longBytes == 0) {
      throw new TraceException(
          source,
          "no description of header_page",
          "one",
          "without it the pages cannot be read: record again");
    }
    return longBytes;
  }

  void kallsyms(MemorySegment bytes) {
    kallsyms = bytes;
  }

  MemorySegment kallsyms() {
    return kallsyms;
  }

  void cmdlines(MemorySegment bytes) {
    cmdlines = bytes;
  }

  MemorySegment cmdlines() {
    return cmdlines;
  }

  /** The text of trace_clock, the current one in brackets. */
  void traceClock(String text) {
    traceClock = SavedTexts.currentClock(text, traceClock);
  }

  /** The clock that a buffer names. */
  void bufferClock(String name) {
    clock = clock.isEmpty() ? name : clock;
  }

  /** The name of the clock. */
  String clock() {
    return !traceClock.isEmpty() ? traceClock : !clock.isEmpty() ? clock : "local";
  }

  void stamps(StampRule rule) {
    stamps = rule;
  }

  StampRule stamps() {
    return stamps;
  }

  void text(TextRegion region) {
    text = region;
  }

  /** The text of a latency tracer; none in most files. */
  TextRegion text() {
    return text;
  }
}
