package dev.pgmap.core.page;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Words of host memory at absolute addresses: the one place where struct pages are read and
 * written.
 *
 * <p>A segment held in a field costs half a dozen loads after every atomic instruction, since the
 * compiler reloads what the fence may have changed: that made a pin three times as slow as in C. A
 * constant segment costs none. It has no bounds, so what protects the JVM is {@link SubsectionMap}:
 * it hands out addresses only of pfns that have struct pages, computed from an entry that is there,
 * and a machine empties its map before it gives the memory back. Nobody else makes such addresses.
 */
final class HostWords {
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  static final VarHandle INT = JAVA_INT.varHandle();
  static final VarHandle LONG = JAVA_LONG.varHandle();

  private HostWords() {}
}
