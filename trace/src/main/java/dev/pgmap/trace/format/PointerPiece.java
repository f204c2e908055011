package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;

/** The conversions {@code %p…} of the kernel's printf. */
final class PointerPiece {
  private PointerPiece() {}

  static Piece of(Conversion conversion, Expr argument, Expr.Number value, Style style) {
    String extension = conversion.extension();
    char kind = extension.isEmpty() ? 0 : extension.charAt(0);
    return switch (kind) {
      case 's', 'f' -> new Symbol(conversion, value, false, style);
      case 'S', 'F', 'B' -> new Symbol(conversion, value, true, style);
      case 'M', 'm' -> new Bytes(conversion, ExprParser.place(argument), Addresses::mac);
      case 'I', 'i' -> new Bytes(conversion, ExprParser.place(argument), Addresses::ip);
      case 'U' -> new Bytes(conversion, ExprParser.place(argument), Addresses::uuid);
      case 'h' -> new HexDump(conversion, ExprParser.place(argument));
      default -> new Address(conversion, value, style);
    };
  }

  /** Writes the bytes of a field as a network address or the like. */
  interface BytesFormat {
    void appendTo(StringBuilder out, TraceEvent event, EventField field, String extension);
  }

  /** {@code %p}: in a kernel zero-padded, in trace-cmd as the C library prints it. */
  record Address(Conversion conversion, Expr.Number value, Style style) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      int start = out.length();
      long pointer = value.of(event);
      if (style == Style.KERNEL) {
        boolean bare = conversion.width() == 0 && !conversion.extension().equals("x");
        Digits.hex(out, pointer, bare ? 16 : 1);
        conversion.pad(out, start, event);
      } else if (pointer == 0) {
        out.append("(nil)");
      } else {
        Digits.hex(out.append("0x"), pointer);
      }
    }
  }

  /** {@code %ps} and {@code %pS}: the function, or the address if it is not known. */
  record Symbol(Conversion conversion, Expr.Number value, boolean offset, Style style)
      implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      int start = out.length();
      FunctionName.append(out, symbols, value.of(event), offset, style);
      conversion.text(out, start, event);
    }
  }

  /** The bytes of a field in a form of their own. */
  record Bytes(Conversion conversion, EventField field, BytesFormat form) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      int start = out.length();
      form.appendTo(out, event, field, conversion.extension());
      conversion.pad(out, start, event);
    }
  }

  /** {@code %*ph}: bytes in hexadecimal; the width says how many. */
  record HexDump(Conversion conversion, EventField field) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      String delimiter =
          switch (conversion.extension()) {
            case "hC" -> ":";
            case "hD" -> "-";
            case "hN" -> "";
            default -> " ";
          };
      int count = Math.clamp(conversion.width(event), 1, 64);
      Texts.hexBytes(out, event, field, count, delimiter);
    }
  }
}
