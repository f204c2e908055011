package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ring.PageWriter;
import dev.pgmap.trace.ring.RecordEncoder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of a source on ring pages. Events come merged by time, pages are wanted cpu by
 * cpu: full pages wait in one file, in memory are one page of each cpu and the number of each page.
 */
final class PageSpool implements PageStore {
  /** Bytes of a page: what kernels use unless told otherwise. */
  private static final int PAGE_BYTES = 4096;

  private final Path target;
  private final FileChannel spool;
  private final Map<String, List<Ring>> rings = new LinkedHashMap<>();
  private int nrCpus;
  private int nrSpooled;

  private PageSpool(Path target, FileChannel spool, int nrCpus) {
    this.target = target;
    this.spool = spool;
    this.nrCpus = nrCpus;
    rings.put(TOP, new ArrayList<>());
  }

  /** Goes through the events of a source. */
  static PageSpool of(TraceSource source, EventIds ids, Path target) {
    PageSpool pages = new PageSpool(target, open(target), source.nrCpus());
    try (TraceCursor cursor = source.open()) {
      pages.addAll(source.name(), cursor, new RecordEncoder(ids::of));
      return pages;
    } catch (RuntimeException e) {
      pages.close();
      throw e;
    }
  }

  private static FileChannel open(Path target) {
    try {
      return FileChannel.open(
          OutputFile.sibling(target, "pages"),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw OutputFile.failed(target, e);
    }
  }

  @Override
  public int pageBytes() {
    return PAGE_BYTES;
  }

  @Override
  public List<String> buffers() {
    return List.copyOf(rings.keySet());
  }

  @Override
  public int nrCpus() {
    return nrCpus;
  }

  @Override
  public long nrPages(String buffer, int cpu) {
    Ring ring = find(buffer, cpu);
    return ring == null ? 0 : ring.nrPages;
  }

  @Override
  public void copyPage(String buffer, int cpu, long index, MemorySegment to) {
    Ring ring = find(buffer, cpu);
    if (ring == null || index >= ring.nrPages) {
      throw new IndexOutOfBoundsException("page %d of cpu %d".formatted(index, cpu));
    }
    long at = (long) ring.places[(int) index] * PAGE_BYTES;
    ByteBuffer page = to.asByteBuffer();
    try {
      while (page.hasRemaining() && spool.read(page, at + page.position()) >= 0) {
        // The rest of the page is still to come.
      }
    } catch (IOException e) {
      throw OutputFile.failed(target, e);
    }
  }

  @Override
  public void close() {
    try {
      spool.close();
    } catch (IOException e) {
      throw OutputFile.failed(target, e);
    }
  }

  private void addAll(String source, TraceCursor cursor, RecordEncoder encoder) {
    while (cursor.next()) {
      TraceEvent event = cursor.event();
      int bytes = encoder.encode(event);
      if (bytes > PageWriter.longestRecord(PAGE_BYTES)) {
        throw new TraceException(
            source,
            "event %s at %d has %d bytes".formatted(event.format(), event.timestamp(), bytes),
            "at most %d, what a page holds".formatted(PageWriter.longestRecord(PAGE_BYTES)),
            "write it as text");
      }
      ring(event).add(event, encoder.record(), bytes);
    }
    rings.values().forEach(ofBuffer -> ofBuffer.forEach(Ring::turn));
  }

  private @Nullable Ring find(String buffer, int cpu) {
    List<Ring> ofBuffer = rings.getOrDefault(buffer, List.of());
    return cpu < ofBuffer.size() ? ofBuffer.get(cpu) : null;
  }

  private Ring ring(TraceEvent event) {
    List<Ring> ofBuffer = rings.computeIfAbsent(event.buffer(), unused -> new ArrayList<>());
    while (ofBuffer.size() <= event.cpu()) {
      ofBuffer.add(new Ring());
    }
    nrCpus = Math.max(nrCpus, ofBuffer.size());
    return ofBuffer.get(event.cpu());
  }

  /** The pages of one cpu. */
  private final class Ring {
    private final MemorySegment page = MemorySegment.ofArray(new byte[PAGE_BYTES]);
    private final PageWriter writer = new PageWriter(page);
    private int[] places = new int[4];
    private int nrPages;

    void add(TraceEvent event, MemorySegment record, int bytes) {
      if (event.lost() != 0) {
        turn();
        writer.begin(event.lost());
      }
      if (!writer.add(event.timestamp(), record, bytes)) {
        turn();
        writer.begin(0);
        writer.add(event.timestamp(), record, bytes);
      }
    }

    /** Puts the page away, if there is anything on it. */
    void turn() {
      if (writer.isEmpty()) {
        return;
      }
      writer.finish();
      if (nrPages == places.length) {
        places = Arrays.copyOf(places, nrPages * 2);
      }
      places[nrPages++] = nrSpooled;
      append();
    }

    private void append() {
      ByteBuffer bytes = page.asByteBuffer();
      long at = (long) nrSpooled++ * PAGE_BYTES;
      try {
        while (bytes.hasRemaining()) {
          spool.write(bytes, at + bytes.position());
        }
      } catch (IOException e) {
        throw OutputFile.failed(target, e);
      }
    }
  }
}
