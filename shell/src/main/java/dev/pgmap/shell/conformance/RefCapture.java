package dev.pgmap.shell.conformance;

import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefSequences;

/** A way to write down what happens to the counts of pages while a command runs. */
interface RefCapture {
  /** What the counts of the machine have to change through. */
  PageRefs pageRefs();

  /** Begins to write down. */
  void begin();

  /** Stops; returns what happened since the last {@link #begin}. */
  RefSequences end();
}
