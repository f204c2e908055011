package dev.pgmap.core.machine;

import dev.pgmap.core.page.PageRefs;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * What is built into a machine to watch it; a machine without any has no code for it on hot paths.
 *
 * @param pageRefs makes the object through which all counts change
 * @param countsLines whether struct-page cache lines are counted for the cost model
 */
public record Instruments(Function<MemorySegment, PageRefs> pageRefs, boolean countsLines) {
  /** Nothing watches. */
  public static final Instruments NONE = new Instruments(PageRefs::new, false);

  /** Cache lines are counted. */
  public static final Instruments LINE_COUNTER = new Instruments(PageRefs::new, true);
}
