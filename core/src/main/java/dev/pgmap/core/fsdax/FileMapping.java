package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.core.mm.AddressSpace;

/** The mapping of a DAX file as the engine sees it. Thread-safe. */
public interface FileMapping extends DaxMapping {
  /** What tasks map. */
  AddressSpace space();
}
