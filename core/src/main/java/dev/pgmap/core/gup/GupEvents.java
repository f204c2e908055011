package dev.pgmap.core.gup;

import dev.pgmap.api.trace.Tracepoint;

/**
 * Our own trace events of gup: where a call begins and ends, and where a fast walk changes its
 * mind.
 *
 * <p>The methods do nothing: a recorder weaves itself in. Stateless.
 */
final class GupEvents {
  private static final String CALL =
      "\"start=0x%lx nr=%ld flags=0x%lx\", REC->start, REC->nr, REC->flags";

  private GupEvents() {}

  /** A fast call begins its walk. */
  @Tracepoint(
      system = "pgmap",
      event = "gup_fast_begin",
      fields = {"unsigned long start", "long nr", "unsigned long flags"},
      print = CALL)
  static void fastBegin(long start, long nrPages, long flags) {}

  /** The fast walk is over. */
  @Tracepoint(
      system = "pgmap",
      event = "gup_fast_end",
      fields = {"unsigned long start", "long nr"},
      print = "\"start=0x%lx nr=%ld\", REC->start, REC->nr")
  static void fastEnd(long start, long nrTaken) {}

  /** The slow path begins, with the mmap lock held. */
  @Tracepoint(
      system = "pgmap",
      event = "gup_slow_begin",
      fields = {"unsigned long start", "long nr", "unsigned long flags"},
      print = CALL)
  static void slowBegin(long start, long nrPages, long flags) {}

  /** The second look at an entry found another value. */
  @Tracepoint(
      system = "pgmap",
      event = "gup_recheck",
      fields = {"unsigned long pfn", "unsigned long seen", "unsigned long now"},
      print = "\"pfn=0x%lx seen=0x%lx now=0x%lx\", REC->pfn, REC->seen, REC->now")
  static void recheck(long pfn, long seen, long now) {}

  /** References that a walk took are given back. */
  @Tracepoint(
      system = "pgmap",
      event = "gup_undo",
      fields = {"unsigned long pfn", "long nr"},
      print = "\"pfn=0x%lx nr=%ld\", REC->pfn, REC->nr")
  static void undo(long pfn, long nrPages) {}
}
