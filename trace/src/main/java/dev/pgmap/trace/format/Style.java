package dev.pgmap.trace.format;

/** Whose text an event is printed as, where the two differ. */
public enum Style {
  /**
   * The kernel's own {@code trace} file: pointers bare and zero-padded; names of enums that a
   * format mentions are known.
   */
  KERNEL,

  /**
   * {@code trace-cmd report}: pointers with {@code 0x}; names of enums count as 0, which is what
   * libtraceevent makes of them.
   */
  TRACE_CMD
}
