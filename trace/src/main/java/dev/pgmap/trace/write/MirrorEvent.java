package dev.pgmap.trace.write;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/**
 * An event of a recording as an event of Java's flight recorder. Its start time is when it was
 * mirrored; when it happened is in {@link #stamp}.
 */
@Registered(false)
@Category({"pgmap", "Mirror"})
@StackTrace(false)
abstract class MirrorEvent extends Event {
  @Label("Event")
  String event = "";

  @Label("Stamp")
  @Description("When it happened, in units of the recording's clock")
  long stamp;

  @Label("CPU")
  int cpu;

  @Label("PID")
  int pid;

  @Label("Task")
  String task = "";

  @Label("Buffer")
  String buffer = "";

  @Label("Text")
  @Description("What a trace prints of it")
  String text = "";

  @Label("Stack")
  @Description("Functions, innermost first")
  String stack = "";

  /** What a pgmap lives through. */
  @Registered(false)
  @Name("dev.pgmap.Pgmap")
  @Label("pgmap")
  static final class Pgmap extends MirrorEvent {}

  /** A page that failed. */
  @Registered(false)
  @Name("dev.pgmap.MemoryFailure")
  @Label("Memory failure")
  static final class MemoryFailure extends MirrorEvent {}

  /** A change of a page's count. */
  @Registered(false)
  @Name("dev.pgmap.PageRef")
  @Label("Page reference")
  static final class PageRef extends MirrorEvent {
    @Label("PFN")
    long pfn;

    @Label("Value")
    @Description("What was added, set or expected")
    int val;
  }

  /** A gap in the recording, before the event that it names. */
  @Registered(false)
  @Name("dev.pgmap.LostEvents")
  @Label("Lost events")
  static final class Lost extends MirrorEvent {
    @Label("Lost")
    @Description("How many events; -1 if nobody counted them")
    long lost;
  }
}
