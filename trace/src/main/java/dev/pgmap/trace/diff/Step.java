package dev.pgmap.trace.diff;

import dev.pgmap.trace.refs.PageRefKind;

/**
 * One change of a page's count, as it is compared: without page, time, task and stack.
 *
 * @param kind what happened
 * @param val the amount added, or the value set or expected
 * @param ret the result; 0 if the kind has none
 */
public record Step(PageRefKind kind, int val, int ret) {
  /** Such as {@code mod(+1)} or {@code mod_unless(+1)=1}. */
  public String text() {
    String amount =
        switch (kind) {
          case SET, FREEZE, UNFREEZE -> Integer.toString(val);
          case MOD, MOD_AND_TEST, MOD_AND_RETURN, MOD_UNLESS -> "%+d".formatted(val);
        };
    return "%s(%s)%s".formatted(kind.shortName(), amount, kind.hasResult() ? "=" + ret : "");
  }
}
