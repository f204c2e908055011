package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.input.MappedFile;
import java.nio.file.Path;

/** Opens trace.dat files. Thread-safe: it has no state. */
public final class TraceDat {
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
      return new DatSource(file, header, index(file, header));
    } catch (TraceException e) {
      file.close();
      throw e;
    }
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
