package dev.pgmap.trace.refs;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an event format has what the decoder wants. Immutable.
 *
 * @param sign 1, or -1 where the event states how much was taken away
 * @param headBit the bit of {@code flags} that marks the head of a folio; 0 if the format does not
 *     name it
 */
record RefLayout(
    EventFormat format,
    PageRefKind kind,
    int sign,
    EventField pfn,
    EventField val,
    @Nullable EventField ret,
    @Nullable EventField count,
    @Nullable EventField flags,
    long headBit,
    @Nullable EventField refId) {

  /** How a print format names the bit: as a shift or as a number. */
  private static final Pattern HEAD =
      Pattern.compile(
          "\\{\\s*(?:\\(*1U?L*\\s*<<\\s*(\\d+)\\)*|(0x[0-9a-fA-F]+|\\d+)U?L*)\\s*,\\s*\"head\"");

  /** The layout of a format; null if it is no change of a page's count. */
  static @Nullable RefLayout of(EventFormat format) {
    EventField pfn = number(format, "pfn");
    EventField val = number(format, "val");
    if (pfn == null || val == null) {
      return null;
    }
    PageRefKind named = PageRefKind.named(format.name());
    EventField ret = number(format, "ret");
    // A probe that counts what was put states it without a sign.
    int sign = named == null && format.name().endsWith("put") ? -1 : 1;
    boolean usable = named != null && (ret != null || !named.hasResult());
    PageRefKind kind = usable && named != null ? named : PageRefKind.MOD;
    return new RefLayout(
        format,
        kind,
        sign,
        pfn,
        val,
        kind.hasResult() ? ret : null,
        number(format, "count"),
        format.field("flags"),
        headBit(format.printFmt()),
        number(format, "ref_id"));
  }

  private static @Nullable EventField number(EventFormat format, String name) {
    EventField field = format.field(name);
    return field != null && field.shape() == EventField.Shape.NUMBER ? field : null;
  }

  /** Whether the event's page is the head of a folio. */
  PageRef.Large large(TraceEvent event) {
    if (flags == null) {
      return PageRef.Large.UNKNOWN;
    }
    if (flags.shape().isText()) {
      return event.text(flags).contains("head") ? PageRef.Large.YES : PageRef.Large.NO;
    }
    if (headBit == 0 || flags.shape() != EventField.Shape.NUMBER) {
      return PageRef.Large.UNKNOWN;
    }
    return (event.number(flags) & headBit) != 0 ? PageRef.Large.YES : PageRef.Large.NO;
  }

  private static long headBit(String printFmt) {
    Matcher matcher = HEAD.matcher(printFmt);
    if (!matcher.find()) {
      return 0;
    }
    return matcher.group(1) != null
        ? 1L << Integer.parseInt(matcher.group(1))
        : Long.decode(matcher.group(2));
  }
}
