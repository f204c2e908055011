package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ring.RawPages;
import java.io.Closeable;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * All ring pages of a recording, by buffer and cpu: what a trace.dat holds.
 *
 * <p>For one thread, in little endian.
 */
interface PageStore extends Closeable {
  /** The name of the buffer that every recording has. */
  String TOP = "";

  /** Bytes of every page. */
  int pageBytes();

  /** Names of the buffers, {@link #TOP} first. */
  List<String> buffers();

  /** Number of cpus; some may have no pages. */
  int nrCpus();

  /** Number of pages of a cpu. */
  long nrPages(String buffer, int cpu);

  /** Copies a page, the oldest is 0. */
  void copyPage(String buffer, int cpu, long index, MemorySegment to);

  @Override
  void close();

  /**
   * The pages of a source: its own where it offers them, else its events put on new pages, which
   * wait in a file beside the target.
   */
  static PageStore of(TraceSource source, EventIds ids, Path target) {
    return source instanceof RawPages raw ? new Raw(raw) : PageSpool.of(source, ids, target);
  }

  /** The pages of a source that offers them. */
  record Raw(RawPages pages) implements PageStore {
    @Override
    public int pageBytes() {
      return pages.pageBytes();
    }

    @Override
    public List<String> buffers() {
      return List.of(TOP);
    }

    @Override
    public int nrCpus() {
      return pages.nrCpus();
    }

    @Override
    public long nrPages(String buffer, int cpu) {
      return pages.nrPages(cpu);
    }

    @Override
    public void copyPage(String buffer, int cpu, long index, MemorySegment to) {
      pages.copyPage(cpu, index, to);
    }

    @Override
    public void close() {
      // The source is the caller's.
    }
  }
}
