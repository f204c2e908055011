package dev.pgmap.trace.filter;

/** What a filter may ask of a record that stands elsewhere; called on the tracing thread. */
public interface RecordContext {
  /** The cpu that the event happens on: that of the calling thread. */
  int cpu();

  /** The name of a task; must not allocate if filters on names are to be free of it. */
  String comm(int pid);
}
