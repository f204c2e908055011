package dev.pgmap.trace.refs;

import org.jspecify.annotations.Nullable;

/** The seven events of the kernel's {@code page_ref} system (include/linux/page_ref.h). */
public enum PageRefKind {
  /** {@code set_page_count}: the count becomes {@code val}. */
  SET("page_ref_set", false),
  /** {@code page_ref_add} and {@code page_ref_sub}: {@code val} is added. */
  MOD("page_ref_mod", false),
  /** {@code page_ref_sub_and_test}: {@code val} is added; {@code ret} is 1 if that made it zero. */
  MOD_AND_TEST("page_ref_mod_and_test", true),
  /** {@code page_ref_sub_return}: {@code val} is added; {@code ret} is the new count. */
  MOD_AND_RETURN("page_ref_mod_and_return", true),
  /** {@code page_ref_add_unless}: {@code val} is added unless the count is 0: {@code ret} is 0. */
  MOD_UNLESS("page_ref_mod_unless", true),
  /** {@code page_ref_freeze}: if the count is {@code val} it becomes 0 and {@code ret} is 1. */
  FREEZE("page_ref_freeze", true),
  /** {@code page_ref_unfreeze}: the count of a frozen page becomes {@code val}. */
  UNFREEZE("page_ref_unfreeze", false);

  private static final PageRefKind[] ALL = values();

  private final String eventName;
  private final boolean hasResult;

  PageRefKind(String eventName, boolean hasResult) {
    this.eventName = eventName;
    this.hasResult = hasResult;
  }

  /** The kernel's name of the event. */
  public String eventName() {
    return eventName;
  }

  /** The event's name without {@code page_ref_}, as a short form. */
  public String shortName() {
    return eventName.substring("page_ref_".length());
  }

  /** Whether the event has a field {@code ret}. */
  public boolean hasResult() {
    return hasResult;
  }

  /** The kind with that ordinal. */
  public static PageRefKind at(int ordinal) {
    return ALL[ordinal];
  }

  /** The kind of an event's name; null if it is none of the seven. */
  public static @Nullable PageRefKind named(String eventName) {
    for (PageRefKind kind : ALL) {
      if (kind.eventName.equals(eventName)) {
        return kind;
      }
    }
    return null;
  }
}
