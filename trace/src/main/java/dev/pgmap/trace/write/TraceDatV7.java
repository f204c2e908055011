package dev.pgmap.trace.write;

import java.lang.foreign.MemorySegment;

/**
 * The layout of version 7: sections one behind the other, each with a header; an options section
 * says where the others are, and the head of the file where the options are.
 */
final class TraceDatV7 {
  private static final int SECTION_OPTIONS = 0;
  private static final int SECTION_FLYRECORD = 3;
  private static final int SECTION_STRINGS = 15;
  private static final int SECTION_HEADERS = 16;
  private static final int SECTION_FTRACE_FORMATS = 17;
  private static final int SECTION_EVENT_FORMATS = 18;
  private static final int SECTION_KALLSYMS = 19;
  private static final int SECTION_PRINTK = 20;
  private static final int SECTION_CMDLINES = 21;
  private static final int OPTION_DONE = 0;
  private static final int OPTION_BUFFER = 3;
  private static final int OPTION_TRACECLOCK = 4;

  /** KernelShark's library needs it. */
  private static final int OPTION_CPUCOUNT = 8;

  private static final int COMPRESSED = 1;

  /** Pages that are compressed in one go. */
  private static final int CHUNK_PAGES = 64;

  private final OutputFile out;
  private final Compression compression;
  private final Bytes options = new Bytes();
  private final Bytes strings = new Bytes();

  TraceDatV7(OutputFile out, Compression compression) {
    this.out = out;
    this.compression = compression;
  }

  void put(TraceDatParts parts, String clock, PageStore pages) {
    out.putBytes(TraceDatParts.head("7", pages.pageBytes()).toArray());
    out.putString(compression.label());
    out.putString(compression.version());
    long optionsPlace = out.position();
    out.putLong(0);
    option(OPTION_TRACECLOCK, new Bytes().putString(parts.traceClock()));
    option(OPTION_CPUCOUNT, new Bytes().putInt(pages.nrCpus()));
    described(SECTION_HEADERS, "headers", TraceDatParts.headers(pages.pageBytes()));
    described(SECTION_FTRACE_FORMATS, "ftrace events", parts.ftraceFormats());
    described(SECTION_EVENT_FORMATS, "events format", parts.eventFormats());
    described(SECTION_KALLSYMS, "kallsyms", parts.kallsyms());
    described(SECTION_PRINTK, "printk", parts.printkFormats());
    described(SECTION_CMDLINES, "command lines", parts.cmdlines());
    for (String buffer : pages.buffers()) {
      option(OPTION_BUFFER, putBuffer(pages, buffer, clock));
    }
    out.patchLong(optionsPlace, putOptions());
    putStrings();
  }

  private void option(int id, Bytes data) {
    options.putShort(id).putInt(data.size()).put(data.toArray());
  }

  /** A section that an option of the same number points to. */
  private void described(int id, String description, Bytes body) {
    byte[] raw = body.toArray();
    option(id, new Bytes().putLong(out.position()));
    if (compression == Compression.NONE) {
      header(id, 0, description, raw.length);
      out.putBytes(raw);
      return;
    }
    byte[] compressed = compression.compress(raw, raw.length);
    header(id, COMPRESSED, description, compressed.length + 2L * Integer.BYTES);
    putCompressed(compressed, raw.length);
  }

  private void header(int id, int flags, String description, long bytes) {
    out.putShort(id);
    out.putShort(flags);
    out.putInt(strings.size());
    out.putLong(bytes);
    strings.putString(description);
  }

  private void putCompressed(byte[] compressed, int rawBytes) {
    out.putInt(compressed.length);
    out.putInt(rawBytes);
    out.putBytes(compressed);
  }

  /** Writes the section of a buffer; what the option says of it. */
  private Bytes putBuffer(PageStore pages, String buffer, String clock) {
    boolean plain = compression == Compression.NONE;
    long start = out.position();
    header(SECTION_FLYRECORD, plain ? 0 : COMPRESSED, "buffer flyrecord " + buffer, 0);
    if (plain) {
      out.padTo(pages.pageBytes());
    }
    Bytes option =
        new Bytes()
            .putLong(start)
            .putString(buffer)
            .putString(clock)
            .putInt(pages.pageBytes())
            .putInt(pages.nrCpus());
    for (int cpu = 0; cpu < pages.nrCpus(); cpu++) {
      long at = out.position();
      putPages(pages, buffer, cpu);
      option.putInt(cpu).putLong(at).putLong(out.position() - at);
    }
    out.patchLong(start + Long.BYTES, out.position() - start - 2L * Long.BYTES);
    return option;
  }

  private void putPages(PageStore pages, String buffer, int cpu) {
    long nrPages = pages.nrPages(buffer, cpu);
    if (nrPages == 0) {
      return;
    }
    if (compression != Compression.NONE) {
      out.putInt(Math.toIntExact((nrPages + CHUNK_PAGES - 1) / CHUNK_PAGES));
    }
    byte[] chunk = new byte[CHUNK_PAGES * pages.pageBytes()];
    for (long first = 0; first < nrPages; first += CHUNK_PAGES) {
      int bytes = fill(chunk, pages, buffer, cpu, first);
      if (compression == Compression.NONE) {
        out.putBytes(chunk, 0, bytes);
      } else {
        putCompressed(compression.compress(chunk, bytes), bytes);
      }
    }
  }

  private static int fill(byte[] chunk, PageStore pages, String buffer, int cpu, long first) {
    int count = (int) Math.min(CHUNK_PAGES, pages.nrPages(buffer, cpu) - first);
    MemorySegment to = MemorySegment.ofArray(chunk);
    int pageBytes = pages.pageBytes();
    for (int i = 0; i < count; i++) {
      pages.copyPage(buffer, cpu, first + i, to.asSlice((long) i * pageBytes, pageBytes));
    }
    return count * pageBytes;
  }

  /** Writes the options; says where. Options are never compressed here. */
  private long putOptions() {
    option(OPTION_DONE, new Bytes().putLong(0));
    long at = out.position();
    header(SECTION_OPTIONS, 0, "options", options.size());
    out.putBytes(options.toArray());
    return at;
  }

  private void putStrings() {
    strings.putString("strings");
    out.putShort(SECTION_STRINGS);
    out.putShort(0);
    out.putInt(strings.size() - "strings".length() - 1);
    out.putLong(strings.size());
    out.putBytes(strings.toArray());
  }
}
