package dev.pgmap.api.pgmap;

/**
 * {@code pgmap->ref} as the {@code kill} and {@code cleanup} ops of 5.3 to 5.15 see it.
 *
 * <p>Thread-safe.
 */
public interface PagemapRef {
  /** Puts the reference into the dead state; lookups fail from now on ({@code percpu_ref_kill}). */
  void kill();

  /** Waits, uninterruptibly, until the last reference is gone, then frees the counter. */
  void awaitIdle();

  /** Whether {@link #kill} was called. */
  boolean isDying();
}
