package dev.pgmap.trace.replay;

/**
 * A pgmap as it stood at a step.
 *
 * @param pgmap its number
 * @param state where it is in its life
 * @param pfn its first page
 * @param nrPages its pages
 * @param order of its folios
 * @param gets lookups that took a reference since the recording began
 * @param puts references dropped since then
 * @param step its last event
 */
public record PagemapNow(
    long pgmap, State state, long pfn, long nrPages, long order, long gets, long puts, long step) {

  /** Where a pgmap is in its life. */
  public enum State {
    /** The recording shows it in use, but not how it began. */
    SEEN,
    LIVE,
    /** Lookups fail. */
    KILLED,
    /** Teardown waits for references. */
    WAITING,
    DRAINED,
    REMOVED
  }

  static PagemapNow seen(long pgmap) {
    return new PagemapNow(pgmap, State.SEEN, 0, 0, 0, 0, 0, 0);
  }

  PagemapNow created(long firstPfn, long pages, long folioOrder, long at) {
    return new PagemapNow(
        pgmap,
        State.LIVE,
        nrPages == 0 ? firstPfn : pfn,
        nrPages + pages,
        folioOrder,
        gets,
        puts,
        at);
  }

  PagemapNow entered(State next, long at) {
    return new PagemapNow(pgmap, next, pfn, nrPages, order, gets, puts, at);
  }

  PagemapNow referenced(long moreGets, long morePuts, long at) {
    return new PagemapNow(pgmap, state, pfn, nrPages, order, gets + moreGets, puts + morePuts, at);
  }
}
