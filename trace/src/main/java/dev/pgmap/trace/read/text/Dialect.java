package dev.pgmap.trace.read.text;

/** Knows what lines of one kind of text look like. For one thread; a pass makes a new one. */
interface Dialect {
  /** What a line was. */
  enum Line {
    /** An event. */
    EVENT,
    /** A function of the stack of the event before. */
    FRAME,
    /** How many events a cpu has lost. */
    LOST,
    /** A heading, an empty line, or another that says nothing about events. */
    OTHER,
    /** None of this. */
    UNKNOWN
  }

  /** Reads a line. What it says is in the methods below, if the result says so. */
  Line read(String line, RawEvent to);

  /** The function that a FRAME names. */
  String frame();

  /** The cpu that has LOST events. */
  int lostCpu();

  /** How many it has LOST; {@link dev.pgmap.trace.event.TraceEvent#LOST_UNCOUNTED} if unknown. */
  long lostEvents();

  /** How many cpus the headings so far tell of; 0 if none did. */
  int nrCpus();

  /** What to do if none of the lines was an event. */
  default String advice() {
    return "if it is a log, tell with --pattern what a line looks like";
  }
}
