package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@code print fmt}: prints the events of one format.
 *
 * <p>It takes what libtraceevent takes, and in the style of the kernel some more. What it cannot
 * take, it prints as trace-cmd does: {@code [FAILED TO PARSE]} and the fields. Compiling is linear
 * in the text, and neither compiling nor printing ever fails, whatever the text holds.
 *
 * <p>Immutable; any thread may print.
 */
public final class PrintFmt {
  private static final String FAILED = "[FAILED TO PARSE]";

  private final EventFormat format;
  private final Piece[] pieces;
  private final @Nullable String problem;

  private PrintFmt(EventFormat format, List<Piece> pieces, @Nullable String problem) {
    this.format = format;
    this.pieces = pieces.toArray(Piece[]::new);
    this.problem = problem;
  }

  /** The print format of an event, in the style of the kernel. */
  public static PrintFmt of(EventFormat format) {
    return of(format, Style.KERNEL);
  }

  /** The print format of an event. */
  public static PrintFmt of(EventFormat format, Style style) {
    try {
      ExprParser parser = new ExprParser(format, style, CLexer.tokens(format.printFmt()));
      String text = parser.literals();
      List<Expr> arguments = parser.arguments();
      return new PrintFmt(format, ConversionParser.pieces(text, style, arguments), null);
    } catch (UnparsableFormat e) {
      return new PrintFmt(format, List.of(), e.getMessage());
    }
  }

  /** Why the format could not be parsed; null if it could. */
  public @Nullable String problem() {
    return problem;
  }

  /**
   * Appends the text of an event; it ends in a newline if the format does.
   *
   * @param event of this format
   * @param symbols the functions of the event's source
   */
  public void print(TraceEvent event, Symbols symbols, StringBuilder out) {
    if (problem != null) {
      out.append(FAILED);
      RawFields.print(format, event, out);
      return;
    }
    for (Piece piece : pieces) {
      piece.appendTo(out, event, symbols);
    }
  }
}
