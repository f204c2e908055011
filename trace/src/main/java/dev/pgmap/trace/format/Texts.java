package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;

/** The text expressions of a {@code print fmt}. */
final class Texts {
  private Texts() {}

  /** A string literal. */
  record Literal(String text) implements Expr.Text {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      out.append(text);
    }
  }

  /** {@code __get_str(field)} or a field of chars. */
  record FieldText(EventField field) implements Expr.Text {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      if (field.shape().isText()) {
        out.append(event.text(field));
        return;
      }
      int bytes = Fields.bytes(event, field);
      for (int i = 0, octet; i < bytes && (octet = Fields.octet(event, field, i)) != 0; i++) {
        out.append((char) octet);
      }
    }
  }

  /** {@code condition ? whenTrue : whenFalse}. */
  record Choice(Expr.Number condition, Expr.Text whenTrue, Expr.Text whenFalse)
      implements Expr.Text {
    @Override
    public int depth() {
      return Math.max(condition.depth(), Math.max(whenTrue.depth(), whenFalse.depth())) + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      (condition.of(event) != 0 ? whenTrue : whenFalse).appendTo(out, event);
    }
  }

  /** A number where a text was expected: a string's address, which only the kernel can follow. */
  record Address(Expr.Number number) implements Expr.Text {
    @Override
    public int depth() {
      return number.depth() + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      Digits.hex(out, number.of(event));
    }
  }

  /** {@code __print_flags}: the names of the bits that are set; the rest in hexadecimal. */
  record Flags(Expr.Number value, String delimiter, NamedValues names) implements Expr.Text {
    @Override
    public int depth() {
      return value.depth() + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      names.appendFlags(out, value.of(event), delimiter);
    }
  }

  /** {@code __print_symbolic}: the name of the value; without one, the value in hexadecimal. */
  record Symbolic(Expr.Number value, NamedValues names) implements Expr.Text {
    @Override
    public int depth() {
      return value.depth() + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      names.appendName(out, value.of(event));
    }
  }

  /** {@code __print_hex} and {@code __print_hex_str}: bytes with or without blanks between. */
  record Hex(EventField field, Expr.Number bytes, String delimiter) implements Expr.Text {
    @Override
    public int depth() {
      return bytes.depth() + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      hexBytes(out, event, field, bytes.of(event), delimiter);
    }
  }

  /** {@code __print_array}: {@code {0x1,0x2}}. */
  record Array(EventField field, Expr.Number count, Expr.Number elementBytes) implements Expr.Text {
    @Override
    public int depth() {
      return Math.max(count.depth(), elementBytes.depth()) + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      int size = Math.clamp(elementBytes.of(event), 1, 8);
      long shown = Math.min(count.of(event), Fields.bytes(event, field) / size);
      out.append('{');
      for (int i = 0; i < shown; i++) {
        out.append(i == 0 ? "0x" : ",0x");
        Digits.hex(out, value(event, i * size, size));
      }
      out.append('}');
    }

    private long value(TraceEvent event, int at, int size) {
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = value << 8 | Fields.octet(event, field, at + i);
      }
      return value;
    }
  }

  /** {@code __get_bitmask}: hexadecimal, a comma every 32 bits, highest first. */
  record Bitmask(EventField field) implements Expr.Text {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      int bytes = Fields.bytes(event, field);
      for (int i = bytes - 1; i >= 0; i--) {
        Digits.hex(out, Fields.octet(event, field, i), 2);
        if (i % 4 == 0 && i > 0) {
          out.append(',');
        }
      }
    }
  }

  /** {@code __get_cpumask}: a list of ranges such as {@code 0-3,8}. */
  record CpuList(EventField field) implements Expr.Text {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      int bits = 8 * Fields.bytes(event, field);
      int start = out.length();
      for (int bit = 0; bit < bits; bit++) {
        if (!isSet(event, bit)) {
          continue;
        }
        int first = bit;
        while (bit + 1 < bits && isSet(event, bit + 1)) {
          bit++;
        }
        out.append(out.length() > start ? "," : "").append(first);
        if (bit > first) {
          out.append('-').append(bit);
        }
      }
    }

    private boolean isSet(TraceEvent event, int bit) {
      return (Fields.octet(event, field, bit / 8) >>> bit % 8 & 1) != 0;
    }
  }

  /** {@code __print_ns_to_secs}: whole seconds and nine digits. */
  record Seconds(Expr.Number nanos) implements Expr.Text {
    @Override
    public int depth() {
      return nanos.depth() + 1;
    }

    @Override
    public void appendTo(StringBuilder out, TraceEvent event) {
      long value = nanos.of(event);
      Digits.unsigned(out, Long.divideUnsigned(value, 1_000_000_000));
      String fraction = Long.toString(Long.remainderUnsigned(value, 1_000_000_000));
      out.append('.').repeat('0', 9 - fraction.length()).append(fraction);
    }
  }

  /** Bytes of a field in hexadecimal, at most as many as there are. */
  static void hexBytes(
      StringBuilder out, TraceEvent event, EventField field, long count, String delimiter) {
    long shown = Math.min(count, Fields.bytes(event, field));
    for (int i = 0; i < shown; i++) {
      out.append(i == 0 ? "" : delimiter);
      Digits.hex(out, Fields.octet(event, field, i), 2);
    }
  }
}
