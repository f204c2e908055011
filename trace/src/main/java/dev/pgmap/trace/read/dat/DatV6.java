package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.input.ByteCursor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the head of a trace.dat of version 6: pieces in a fixed order, then options, then for each
 * buffer a table of its cpus.
 */
final class DatV6 {
  private static final int TAG_BYTES = 10;
  private static final int NAME_CHARS = 4096;
  private static final int MAX_BUFFERS = 1 << 12;
  private static final int MAX_CLOCK_CHARS = 1 << 12;

  private final MemorySegment memory;
  private final DatHeader header;
  private final DatIndex index;
  private final Map<String, Long> instances = new LinkedHashMap<>();
  private int cpus;

  private DatV6(MemorySegment memory, DatHeader header, DatIndex index) {
    this.memory = memory;
    this.header = header;
    this.index = index;
  }

  /**
   * Fills an index.
   *
   * @throws TraceException if the file is damaged
   */
  static void read(MemorySegment memory, DatHeader header, DatIndex index) {
    new DatV6(memory, header, index).read();
  }

  private ByteCursor cursor(long from) {
    return new ByteCursor(memory, from, memory.byteSize(), header.words(), index.source(), 0);
  }

  private void read() {
    ByteCursor in = cursor(header.end());
    DatMetadata.headers(in, index);
    DatMetadata.ftraceFormats(in, index);
    DatMetadata.eventFormats(in, index);
    index.kallsyms(DatMetadata.shortText(in, "kallsyms"));
    DatMetadata.shortText(in, "printk_formats");
    index.cmdlines(DatMetadata.longText(in, "saved_cmdlines"));
    cpus = in.count(CpuRegion.MAX_CPUS, "a number of cpus");
    buffer(in, "");
    int topCpus = cpus;
    for (Map.Entry<String, Long> instance : List.copyOf(instances.entrySet())) {
      cpus = topCpus;
      buffer(at(instance.getKey(), instance.getValue()), instance.getKey());
    }
  }

  private ByteCursor at(String buffer, long offset) {
    if (offset < 0 || offset > memory.byteSize()) {
      throw new TraceException(
          index.source(),
          "buffer '%s' at offset %s".formatted(buffer, Long.toUnsignedString(offset)),
          "one within the %d bytes of the file".formatted(memory.byteSize()),
          "the recording is cut short or damaged");
    }
    return cursor(offset);
  }

  /** A tag and what it announces. */
  private void buffer(ByteCursor in, String name) {
    ByteCursor.Place place = in.mark();
    String tag = tag(in);
    if (tag.startsWith("options")) {
      options(in);
      place = in.mark();
      tag = tag(in);
    }
    index.cpus(cpus);
    if (tag.startsWith("flyrecord")) {
      DatMetadata.cpuTable(in, name, cpus, header.pageBytes(), index);
      clockBehind(in);
    } else if (tag.startsWith("latency")) {
      index.text(new TextRegion(in.position(), in.remaining(), false));
    } else {
      throw place.error("'%s'".formatted(tag.strip()), "'flyrecord' or 'latency'", "it is damaged");
    }
  }

  private static String tag(ByteCursor in) {
    return new String(in.bytes(TAG_BYTES, "a tag"), StandardCharsets.ISO_8859_1).replace("\0", " ");
  }

  private void options(ByteCursor in) {
    for (int id = in.u16("an option"); id != DatOptions.DONE; id = in.u16("an option")) {
      ByteCursor data = in.part(in.u32("size of an option"), "an option");
      switch (id) {
        case DatOptions.CPUCOUNT -> cpuCount(data);
        case DatOptions.BUFFER -> instance(data);
        default -> DatOptions.note(id, data, index);
      }
    }
  }

  /** Some writers keep a longer text under this number; it means nothing here. */
  private void cpuCount(ByteCursor data) {
    if (data.remaining() <= Long.BYTES) {
      cpus = data.count(CpuRegion.MAX_CPUS, "a number of cpus");
    }
  }

  private void instance(ByteCursor data) {
    long offset = data.i64("offset of a buffer");
    String name = data.string(NAME_CHARS, "name of a buffer");
    if (instances.size() == MAX_BUFFERS) {
      throw data.error("one buffer more", "at most " + MAX_BUFFERS, "it is damaged");
    }
    instances.put(name, offset);
  }

  /** Where the option has no text, a length and the text of trace_clock follow the table. */
  private void clockBehind(ByteCursor in) {
    if (in.remaining() < Long.BYTES) {
      return;
    }
    long bytes = in.i64("length of trace_clock");
    if (bytes > 0 && bytes <= Math.min(MAX_CLOCK_CHARS, in.remaining())) {
      index.traceClock(in.text(bytes, MAX_CLOCK_CHARS, "trace_clock"));
    }
  }
}
