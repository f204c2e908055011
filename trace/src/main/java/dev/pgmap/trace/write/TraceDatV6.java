package dev.pgmap.trace.write;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The layout of version 6: what describes the recording, options, a table of where each cpu's pages
 * are, the pages. Each further buffer has an option that says where its own table is.
 */
final class TraceDatV6 {
  private static final int OPTION_BUFFER = 3;
  private static final int OPTION_TRACECLOCK = 4;
  private static final String OPTIONS = "options  ";
  private static final String FLYRECORD = "flyrecord";

  private TraceDatV6() {}

  static void put(OutputFile out, TraceDatParts parts, String clock, PageStore pages) {
    out.putBytes(TraceDatParts.head("6", pages.pageBytes()).toArray());
    out.putBytes(TraceDatParts.headers(pages.pageBytes()).toArray());
    out.putBytes(parts.ftraceFormats().toArray());
    out.putBytes(parts.eventFormats().toArray());
    out.putBytes(parts.kallsyms().toArray());
    out.putBytes(parts.printkFormats().toArray());
    out.putBytes(parts.cmdlines().toArray());
    out.putInt(pages.nrCpus());
    out.putString(OPTIONS);
    option(out, OPTION_TRACECLOCK, new Bytes().putString(parts.traceClock()));
    List<String> further = pages.buffers().subList(1, pages.buffers().size());
    long[] places = new long[further.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = option(out, OPTION_BUFFER, new Bytes().putLong(0).putString(further.get(i)));
    }
    out.putShort(0);
    putBuffer(out, pages, PageStore.TOP);
    for (int i = 0; i < places.length; i++) {
      out.patchLong(places[i], out.position());
      putBuffer(out, pages, further.get(i));
    }
  }

  /** Says where the option's data is. */
  private static long option(OutputFile out, int id, Bytes data) {
    out.putShort(id);
    out.putInt(data.size());
    long at = out.position();
    out.putBytes(data.toArray());
    return at;
  }

  private static void putBuffer(OutputFile out, PageStore pages, String buffer) {
    out.putString(FLYRECORD);
    int pageBytes = pages.pageBytes();
    long at = roundUp(out.position() + 2L * Long.BYTES * pages.nrCpus(), pageBytes);
    for (int cpu = 0; cpu < pages.nrCpus(); cpu++) {
      long bytes = pages.nrPages(buffer, cpu) * pageBytes;
      out.putLong(bytes == 0 ? 0 : at);
      out.putLong(bytes);
      at += bytes;
    }
    out.padTo(pageBytes);
    byte[] page = new byte[pageBytes];
    for (int cpu = 0; cpu < pages.nrCpus(); cpu++) {
      for (long i = 0; i < pages.nrPages(buffer, cpu); i++) {
        pages.copyPage(buffer, cpu, i, MemorySegment.ofArray(page));
        out.putBytes(page);
      }
    }
  }

  private static long roundUp(long value, long multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
