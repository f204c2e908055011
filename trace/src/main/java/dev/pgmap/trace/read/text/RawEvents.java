package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of a text one after another, each with the stack that follows it and what was lost
 * before it. Lines that are no events are counted. For one thread.
 */
final class RawEvents {
  private final LineReader lines;
  private final Dialect dialect;
  private final String source;

  /** Lost events by cpu, until an event of the cpu comes. */
  private final Map<Integer, Long> lostByCpu = new HashMap<>();

  private RawEvent event = new RawEvent();
  private RawEvent ahead = new RawEvent();
  private boolean isAhead;
  private long events;
  private boolean counts;
  private long skipped;
  private long firstSkipped;

  RawEvents(LineReader lines, Dialect dialect, String source) {
    this.lines = lines;
    this.dialect = dialect;
    this.source = source;
  }

  /**
   * Moves to the next event.
   *
   * @return false at the end
   * @throws TraceException if a line is too long, or stamps are of two kinds
   */
  boolean next() {
    if (!isAhead && !readAhead(null)) {
      return false;
    }
    RawEvent taken = ahead;
    ahead = event;
    event = taken;
    isAhead = false;
    checkStamp();
    isAhead = readAhead(event);
    return true;
  }

  /** Goes on to the next line with an event; frames before it belong to {@code owner}. */
  private boolean readAhead(@Nullable RawEvent owner) {
    while (lines.next()) {
      ahead.clear();
      switch (dialect.read(lines.line(), ahead)) {
        case EVENT -> {
          ahead.line = lines.number();
          ahead.lost = takeLost(ahead.cpu);
          return true;
        }
        case FRAME -> {
          if (owner != null) {
            owner.addFrame(dialect.frame());
          } else {
            skip();
          }
        }
        case LOST -> noteLoss();
        case OTHER -> {}
        case UNKNOWN -> skip();
      }
    }
    return false;
  }

  private void skip() {
    firstSkipped = skipped++ == 0 ? lines.number() : firstSkipped;
  }

  private void noteLoss() {
    lostByCpu.merge(
        dialect.lostCpu(),
        dialect.lostEvents(),
        (first, second) -> first < 0 || second < 0 ? TraceEvent.LOST_UNCOUNTED : first + second);
  }

  private long takeLost(int cpu) {
    Long lost = lostByCpu.isEmpty() ? null : lostByCpu.remove(cpu);
    return lost == null ? 0 : lost;
  }

  private void checkStamp() {
    if (events++ == 0) {
      counts = event.isCount;
    }
    if (event.isCount != counts) {
      throw TraceException.atLine(
          source,
          event.line,
          event.isCount ? "a stamp that is a count" : "a stamp in seconds",
          counts ? "a count as before" : "seconds as before",
          "recordings with different clocks cannot be in one file");
    }
  }

  /** The event; good until the next move. */
  RawEvent event() {
    return event;
  }

  /** Whether stamps are counts; known from the first event on. */
  boolean counts() {
    return counts;
  }

  /** Lines so far that were no events but should be. */
  long skipped() {
    return skipped;
  }

  /** Number of the first of them. */
  long firstSkipped() {
    return firstSkipped;
  }

  /** Lines so far. */
  long lines() {
    return lines.number();
  }

  /** What to do if none of the lines was an event. */
  String advice() {
    return dialect.advice();
  }

  /** How many cpus the headings tell of. */
  int nrCpus() {
    return dialect.nrCpus();
  }
}
