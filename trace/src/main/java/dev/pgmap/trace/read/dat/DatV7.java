package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.input.BlockUnpacker;
import dev.pgmap.trace.read.input.ByteCursor;
import dev.pgmap.trace.read.input.Codec;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.DataFormatException;

/**
 * Reads the head of a trace.dat of version 7: options tell where the sections are.
 *
 * <pre>
 *   section   u16 id, u16 flags (1: compressed), u32 description, u64 bytes that follow, body
 *   body      if compressed: u32 packed bytes, u32 raw bytes, packed data
 * </pre>
 */
final class DatV7 {
  private static final int FLYRECORD = 3;
  private static final int HEADERS = 16;
  private static final int FTRACE_FORMATS = 17;
  private static final int EVENT_FORMATS = 18;
  private static final int KALLSYMS = 19;
  private static final int CMDLINES = 21;
  private static final int LATENCY = 22;
  private static final int COMPRESSED = 1;

  private static final int MAX_RAW_BYTES = 1 << 26;
  private static final int MAX_OPTION_SECTIONS = 1 << 12;
  private static final int NAME_CHARS = 4096;

  private final MemorySegment memory;
  private final DatHeader header;
  private final DatIndex index;
  private final BlockUnpacker unpacker;

  private DatV7(MemorySegment memory, DatHeader header, DatIndex index) {
    this.memory = memory;
    this.header = header;
    this.index = index;
    this.unpacker = new BlockUnpacker(header.codec());
  }

  /** A section: its body, and whether that is compressed. */
  private record Section(ByteCursor body, boolean compressed) {}

  /**
   * Fills an index.
   *
   * @throws TraceException if the file is damaged
   */
  static void read(MemorySegment memory, DatHeader header, DatIndex index) {
    new DatV7(memory, header, index).read();
  }

  private void read() {
    Set<Long> seen = new HashSet<>();
    long next = header.optionsOffset();
    while (next != 0) {
      if (!seen.add(next) || seen.size() > MAX_OPTION_SECTIONS) {
        throw TraceException.at(
            index.source(), next, "options that lead back here", "an end", "it is damaged");
      }
      next = options(unpacked(section(next, DatOptions.DONE)));
    }
  }

  private Section section(long offset, int expectedId) {
    if (offset < 0 || offset > memory.byteSize()) {
      throw new TraceException(
          index.source(),
          "a section at offset " + Long.toUnsignedString(offset),
          "one within the %d bytes of the file".formatted(memory.byteSize()),
          "the recording is cut short or damaged");
    }
    ByteCursor in =
        new ByteCursor(memory, offset, memory.byteSize(), header.words(), index.source(), 0);
    ByteCursor.Place place = in.mark();
    int id = in.u16("a section");
    if (id != expectedId) {
      throw place.error("section " + id, "section " + expectedId, "it is damaged");
    }
    boolean compressed = (in.u16("flags of a section") & COMPRESSED) != 0;
    in.u32("description of a section");
    long bytes = in.i64("size of a section");
    // Where the pages of each cpu are is stated apart; a recording that was broken off has 0 here.
    return new Section(
        in.part(id == FLYRECORD ? in.remaining() : bytes, "section " + id), compressed);
  }

  private ByteCursor unpacked(Section section) {
    ByteCursor in = section.body();
    if (!section.compressed()) {
      return in;
    }
    ByteCursor.Place place = in.mark();
    long packed = in.u32("packed size of a section");
    int raw = in.count(MAX_RAW_BYTES, "a raw size of a section");
    byte[] from = in.bytes(packed, "a packed section");
    byte[] to = new byte[raw];
    try {
      unpacker.unpack(from, from.length, to, raw);
    } catch (DataFormatException e) {
      throw place.error(
          "a section that cannot be unpacked: " + e.getMessage(),
          "%d bytes of %s".formatted(raw, header.codec()),
          "it is damaged");
    }
    return new ByteCursor(
        MemorySegment.ofArray(to),
        0,
        raw,
        header.words(),
        "%s, unpacked section at %d,".formatted(index.source(), place.offset()),
        0);
  }

  /** Goes through a section of options; says where the next one is. */
  private long options(ByteCursor in) {
    while (true) {
      int id = in.u16("an option");
      ByteCursor data = in.part(in.u32("size of an option"), "an option");
      switch (id) {
        case DatOptions.DONE -> {
          return data.i64("offset of the next options");
        }
        case DatOptions.BUFFER -> buffer(data);
        case DatOptions.BUFFER_TEXT -> latency(data);
        case DatOptions.CPUCOUNT -> cpuCount(data);
        case HEADERS, FTRACE_FORMATS, EVENT_FORMATS, KALLSYMS, CMDLINES ->
            metadata(id, data.i64("offset of a section"));
        default -> DatOptions.note(id, data, index);
      }
    }
  }

  private void metadata(int id, long offset) {
    ByteCursor in = unpacked(section(offset, id));
    switch (id) {
      case HEADERS -> DatMetadata.headers(in, index);
      case FTRACE_FORMATS -> DatMetadata.ftraceFormats(in, index);
      case EVENT_FORMATS -> DatMetadata.eventFormats(in, index);
      case KALLSYMS -> index.kallsyms(DatMetadata.shortText(in, "kallsyms"));
      default -> index.cmdlines(DatMetadata.longText(in, "saved_cmdlines"));
    }
  }

  private void cpuCount(ByteCursor data) {
    if (data.remaining() <= Long.BYTES) {
      index.cpus(data.count(CpuRegion.MAX_CPUS, "a number of cpus"));
    }
  }

  private void buffer(ByteCursor data) {
    Section section = section(data.i64("offset of a buffer"), FLYRECORD);
    boolean packed = section.compressed() && header.codec() != Codec.NONE;
    String name = data.string(NAME_CHARS, "name of a buffer");
    index.bufferClock(data.string(NAME_CHARS, "clock of a buffer"));
    int pageBytes = CpuRegion.pageBytes(data);
    int cpus = data.count(CpuRegion.MAX_CPUS, "a number of cpus");
    for (int i = 0; i < cpus; i++) {
      int cpu = data.count(CpuRegion.MAX_CPUS - 1, "a cpu");
      long offset = data.i64("offset of a cpu's data");
      long bytes = data.i64("size of a cpu's data");
      index.add(new CpuRegion(name, cpu, offset, bytes, pageBytes, packed));
    }
  }

  private void latency(ByteCursor data) {
    Section section = section(data.i64("offset of a text"), LATENCY);
    data.string(NAME_CHARS, "name of a buffer");
    index.bufferClock(data.string(NAME_CHARS, "clock of a buffer"));
    ByteCursor body = section.body();
    index.text(new TextRegion(body.position(), body.remaining(), section.compressed()));
  }
}
