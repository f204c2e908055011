package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.input.BlockUnpacker;
import dev.pgmap.trace.read.input.ByteCursor;
import dev.pgmap.trace.read.input.ByteStream;
import dev.pgmap.trace.read.input.ChunkReader;
import dev.pgmap.trace.read.input.ChunkStream;
import dev.pgmap.trace.read.input.MappedFile;
import dev.pgmap.trace.read.input.MemoryBudget;
import dev.pgmap.trace.read.input.MemoryStream;
import dev.pgmap.trace.read.text.TraceText;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Opens trace.dat files. Thread-safe: it has no state. */
public final class TraceDat {
  private static final int MOST_CHUNK_BYTES = 1 << 25;

  private TraceDat() {}

  /** Whether a file begins as a trace.dat does. */
  public static boolean isMagic(byte[] head) {
    return DatHeader.isMagic(head);
  }

  /**
   * Opens a trace.dat of version 6 or 7, of either byte order, as trace-cmd's tracecmd_open does.
   *
   * @throws TraceException if it cannot be read, or its head is damaged; what is wrong with a page
   *     is found when a cursor gets there
   */
  public static TraceSource open(Path path) {
    return open(MappedFile.open(path));
  }

  /**
   * Opens a trace.dat that is mapped.
   *
   * @param file is closed with the source, and if this fails
   */
  public static TraceSource open(MappedFile file) {
    try {
      DatHeader header = DatHeader.read(file.memory(), file.name());
      DatIndex index = index(file, header);
      return index.regions().isEmpty() && index.text().isPresent()
          ? latency(file, header, index.text())
          : new DatSource(file, header, index);
    } catch (TraceException e) {
      file.close();
      throw e;
    }
  }

  /** A latency tracer leaves the text of its trace in place of pages. */
  private static TraceSource latency(MappedFile file, DatHeader header, TextRegion region) {
    MemorySegment bytes = file.memory().asSlice(region.offset(), region.bytes());
    ByteStream text =
        region.packed()
            ? () -> new ChunkStream(chunks(file, header, region))
            : () -> new MemoryStream(bytes);
    return TraceText.open(file.name(), TraceText.Kind.FTRACE, text, file::close);
  }

  private static ChunkReader chunks(MappedFile file, DatHeader header, TextRegion region) {
    long end = region.offset() + region.bytes();
    return new ChunkReader(
        new ByteCursor(file.memory(), region.offset(), end, header.words(), file.name(), 0),
        new BlockUnpacker(header.codec()),
        MOST_CHUNK_BYTES,
        new MemoryBudget(file.name(), 2L * MOST_CHUNK_BYTES));
  }

  private static DatIndex index(MappedFile file, DatHeader header) {
    DatIndex index = new DatIndex(file.name());
    if (header.version() < DatHeader.SECTIONS_VERSION) {
      DatV6.read(file.memory(), header, index);
    } else {
      DatV7.read(file.memory(), header, index);
    }
    CpuRegion.check(index.regions(), file.memory().byteSize(), file.name());
    return index;
  }
}
