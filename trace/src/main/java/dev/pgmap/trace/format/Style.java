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
   *
   * <p>Slips of libtraceevent 1.7.1 are not copied: it takes operators of equal precedence from the
   * right, forgets parentheses on the right of an operator, and knows neither {@code sizeof} nor
   * {@code %c}. Nor are its plug-ins, which print some events in a form of their own.
   */
  TRACE_CMD
}
