package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;

/**
 * The list of {@code {value, "name"}} of {@code __print_flags} and {@code __print_symbolic}.
 *
 * <p>Follows trace_print_flags_seq and trace_print_symbols_seq; in the style of trace-cmd,
 * libtraceevent's print_str_arg, where a value that is a bare name or negative counts as unknown.
 */
final class NamedValues {
  private final long[] values;
  private final String[] names;
  private final boolean asTraceCmd;

  private NamedValues(long[] values, String[] names, boolean asTraceCmd) {
    this.values = values;
    this.names = names;
    this.asTraceCmd = asTraceCmd;
  }

  /** Collects the list. */
  static final class Builder {
    private final List<Long> values = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    void add(long value, String name) {
      values.add(value);
      names.add(name);
    }

    NamedValues build(Style style) {
      return new NamedValues(
          values.stream().mapToLong(Long::longValue).toArray(),
          names.toArray(String[]::new),
          style == Style.TRACE_CMD);
    }
  }

  void appendFlags(StringBuilder out, long flags, String delimiter) {
    long rest = flags;
    int start = out.length();
    for (int i = 0; i < values.length; i++) {
      long mask = values[i];
      if (asTraceCmd && rest == 0 && mask < 0) {
        out.append(names[i]);
        return;
      }
      if (rest != 0 && (rest & mask) == mask && !(asTraceCmd && mask <= 0)) {
        out.append(out.length() > start ? delimiter : "").append(names[i]);
        rest &= ~mask;
      }
    }
    if (rest != 0) {
      out.append(out.length() > start ? delimiter : "").append("0x");
      Digits.hex(out, rest);
    }
  }

  void appendName(StringBuilder out, long value) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == value) {
        out.append(names[i]);
        return;
      }
    }
    out.append("0x");
    Digits.hex(out, value);
  }
}
