package dev.pgmap.core.page;

/**
 * Hears when a page gets its first user by a plain get: the transition of its count from idle. The
 * other direction is known to whoever puts ({@link PageRefs#modAndTestIdle}).
 */
public interface UseObserver {
  /**
   * A page has its first user; called after the count went up.
   *
   * @param mayFail whether the get can be taken back
   * @return false if the page must not be used; only where the get can be taken back
   */
  boolean used(long pfn, long rec, boolean mayFail);
}
