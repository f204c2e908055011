package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import java.util.Set;

/**
 * Which types of idle device page carry a base reference: the kernel's 1-based and 0-based pages.
 *
 * @param oneBased the types whose idle pages show a count of one
 */
public record RefcountScheme(Set<MemoryType> oneBased) {

  /** Copies the set. */
  public RefcountScheme {
    oneBased = Set.copyOf(oneBased);
  }

  /** Whether the engine holds a base reference on idle pages of this type. */
  public boolean hasBase(MemoryType type) {
    return oneBased.contains(type);
  }
}
