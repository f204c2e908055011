package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.format.FunctionName;
import dev.pgmap.trace.format.Style;
import dev.pgmap.trace.hist.HistTable.Entry;
import java.util.List;

/**
 * The text of a {@code hist} file. Follows hist_trigger_show, hist_trigger_print_key and
 * hist_trigger_print_val.
 */
final class HistText {
  private static final int STACK_INDENT = 9;
  private static final int BAR = 20;
  private static final long WHOLE = 10_000;

  private final Histogram histogram;
  private final HistSpec spec;
  private final Symbols symbols;
  private final StringBuilder out = new StringBuilder();

  private HistText(Histogram histogram, Symbols symbols) {
    this.histogram = histogram;
    this.spec = histogram.spec();
    this.symbols = symbols;
  }

  static String of(Histogram histogram, Symbols symbols) {
    synchronized (histogram.registry()) {
      return new HistText(histogram, symbols).text();
    }
  }

  private String text() {
    out.append("# event histogram\n#\n# trigger info: ").append(spec.text());
    out.append(histogram.isPaused() ? " [paused]" : " [active]").append("\n#\n\n");
    List<Entry> entries = histogram.sorted();
    long[] totals = new long[spec.values().size()];
    long[] largest = new long[spec.values().size()];
    for (Entry entry : entries) {
      for (int i = 0; i < totals.length; i++) {
        totals[i] += entry.sums[i];
        largest[i] = Math.max(largest[i], entry.sums[i]);
      }
    }
    entries.forEach(entry -> entry(entry, totals, largest));
    snapshot();
    out.append("\nTotals:\n    Hits: ").append(histogram.table().hits());
    out.append("\n    Entries: ").append(entries.size());
    out.append("\n    Dropped: ").append(histogram.table().dropped()).append('\n');
    return out.toString();
  }

  private void entry(Entry entry, long[] totals, long[] largest) {
    keys(entry);
    if (!spec.noHitcount()) {
      out.append(" hitcount: ").append(padded(Long.toString(entry.hits)));
    }
    for (int i = 0; i < totals.length; i++) {
      out.append(' ');
      value(spec.values().get(i), entry.sums[i], totals[i], largest[i]);
    }
    for (int i = 0; i < spec.actions().size(); i++) {
      action(spec.actions().get(i), entry, i);
    }
    out.append('\n');
  }

  private void value(HistField field, long sum, long total, long largest) {
    out.append(' ').append(field.value().label());
    switch (field.modifier()) {
      case PERCENT -> percent(sum, total);
      case GRAPH -> out.append(": ").append(bar(sum, largest));
      case HEX -> out.append(": ").append(padded(Long.toHexString(sum)));
      default -> out.append(": ").append(padded(number(field.value(), sum)));
    }
  }

  private void percent(long sum, long total) {
    long share = share(sum, total);
    if (share < 0) {
      out.append(" (%):[ERROR]");
    } else {
      out.append(" (%): ").append("%3d.%02d".formatted(share / 100, share % 100));
    }
  }

  private static String bar(long sum, long largest) {
    long share = share(sum, largest);
    if (share < 0) {
      return "%20s".formatted("[ERROR]");
    }
    int filled = (int) Math.min(share * BAR / WHOLE, BAR);
    return "#".repeat(filled) + " ".repeat(BAR - filled);
  }

  /** Hundredths of a percent; negative where there is no such share. */
  private static long share(long part, long whole) {
    if (part == 0) {
      return 0;
    }
    if (part < 0 || whole <= 0) {
      return -1;
    }
    return part < Long.MAX_VALUE / WHOLE ? part * WHOLE / whole : part / Math.max(whole / WHOLE, 1);
  }

  private void keys(Entry entry) {
    out.append("{ ");
    boolean manyLines = false;
    for (int i = 0; i < spec.keys().size(); i++) {
      out.append(i > 0 ? ", " : "");
      manyLines |= key(spec.keys().get(i), entry, entry.key.part(i));
    }
    out.append(manyLines ? "}" : " }");
  }

  /** Returns whether the key took lines of its own. */
  private boolean key(HistField field, Entry entry, long part) {
    String label = field.value().label();
    switch (field.value()) {
      case HistValue.Stack stack -> {
        stack(out.append(label).append(":\n"), part);
        return true;
      }
      case HistValue.StackField frames -> {
        stack(out.append(label).append(".stacktrace:\n"), part);
        return true;
      }
      case HistValue.Text text -> text(label, part);
      case HistValue.Comm comm -> text(label, part);
      case HistValue.Number number ->
          out.append(label).append(": ").append(number(field, entry, part));
    }
    return false;
  }

  private void text(String label, long part) {
    out.append(label).append(": ").append("%-50s".formatted(histogram.registry().text(part)));
  }

  private String number(HistField field, Entry entry, long part) {
    return switch (field.modifier()) {
      case HEX -> Long.toHexString(part);
      case SYM -> "[%x] %-45s".formatted(part, function(part, false));
      case SYM_OFFSET -> "[%x] %-55s".formatted(part, function(part, true));
      case EXECNAME -> "%-16s[%10s]".formatted(entry.comm, number(field.value(), part));
      case LOG2 -> "~ 2^%-2d".formatted(part);
      case BUCKETS ->
          "~ %s-%s"
              .formatted(
                  number(field.value(), part), number(field.value(), part + field.buckets() - 1));
      default -> padded(number(field.value(), part));
    };
  }

  private void stack(StringBuilder to, long part) {
    for (long address : histogram.registry().stack(part)) {
      to.repeat(' ', STACK_INDENT).append(function(address, true)).append('\n');
    }
  }

  private String function(long address, boolean offset) {
    StringBuilder name = new StringBuilder();
    FunctionName.append(name, symbols, address, offset, Style.KERNEL);
    return name.toString();
  }

  private void action(HistAction action, Entry entry, int index) {
    if (action.isSnapshot()) {
      return;
    }
    out.append(action.handler() == HistAction.Handler.ONMAX ? "\n\tmax: " : "\n\tchanged: ");
    out.append(padded(Long.toString(entry.tracked[index])));
    for (int i = 0; i < action.saved().size(); i++) {
      HistValue field = action.saved().get(i);
      Object value = entry.saved[index][i];
      String shown =
          value instanceof Long number
              ? padded(number(field, number))
              : "%-32s".formatted(value.toString());
      out.append("  ").append(field.label()).append(": ").append(shown);
    }
  }

  private void snapshot() {
    Histogram.Snapshot taken = histogram.taken();
    if (taken == null) {
      return;
    }
    out.append("\nSnapshot taken (see tracing/snapshot).  Details:\n\ttriggering value { ");
    out.append(taken.action().handler().word()).append("($");
    out.append(taken.action().variableName()).append(") }: ");
    out.append(padded(Long.toString(taken.value())));
    out.append("\n\ttriggered by event with key: ");
    keys(taken.entry());
    out.append('\n');
  }

  private static String number(HistValue value, long number) {
    return value.isSigned() ? Long.toString(number) : Long.toUnsignedString(number);
  }

  private static String padded(String number) {
    return " ".repeat(Math.max(0, 10 - number.length())) + number;
  }
}
