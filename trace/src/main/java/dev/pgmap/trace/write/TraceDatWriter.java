package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceSource;
import java.nio.file.Path;

/**
 * Writes a trace.dat, the file of {@code trace-cmd} and KernelShark, in little endian.
 *
 * <p>A source that offers its ring pages ({@link dev.pgmap.trace.ring.RawPages}) has them copied;
 * from any other the events are put on new pages, in a file beside the target that is removed.
 */
public final class TraceDatWriter implements TraceWriter {
  private final Layout layout;

  /** Puts a file together from its parts. */
  @FunctionalInterface
  interface Layout {
    void put(OutputFile out, TraceDatParts parts, String clock, PageStore pages);
  }

  private TraceDatWriter(Layout layout) {
    this.layout = layout;
  }

  /** Version 6, which every trace-cmd and KernelShark reads. */
  public static TraceDatWriter v6() {
    return new TraceDatWriter(TraceDatV6::put);
  }

  /** Version 7, which trace-cmd reads from 3.0 on. */
  public static TraceDatWriter v7(Compression compression) {
    return new TraceDatWriter(
        (out, parts, clock, pages) -> new TraceDatV7(out, compression).put(parts, clock, pages));
  }

  @Override
  public void write(TraceSource source, Path target) {
    EventIds ids = new EventIds(source.name(), source.events());
    try (OutputFile out = OutputFile.create(target);
        PageStore pages = PageStore.of(source, ids, target)) {
      layout.put(out, new TraceDatParts(source, ids), source.clock().name(), pages);
      out.commit();
    }
  }
}
