package dev.pgmap.trace.format;

import dev.pgmap.trace.format.CLexer.Kind;
import dev.pgmap.trace.format.CLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The type of a cast.
 *
 * @param words such as unsigned, int
 * @param pointer whether a {@code *} follows them
 * @param end index of the token after the closing parenthesis
 */
record CastType(List<String> words, boolean pointer, int end) {
  private static final Set<String> KNOWN =
      Set.of(
          "char",
          "short",
          "int",
          "long",
          "unsigned",
          "signed",
          "bool",
          "u8",
          "u16",
          "u32",
          "u64",
          "s8",
          "s16",
          "s32",
          "s64",
          "void",
          "struct",
          "enum",
          "const",
          "size_t",
          "loff_t");

  /** The cast whose opening parenthesis is right before a token; null if it is none. */
  static @Nullable CastType at(List<Token> tokens, int start) {
    int at = start;
    List<String> words = new ArrayList<>();
    for (; tokens.get(at).kind() == Kind.WORD; at++) {
      words.add(tokens.get(at).text());
    }
    boolean pointer = false;
    for (; !words.isEmpty() && tokens.get(at).is("*"); at++) {
      pointer = true;
    }
    if (words.isEmpty() || words.contains("REC") || !tokens.get(at).is(")")) {
      return null;
    }
    boolean type = pointer || KNOWN.contains(words.getFirst());
    return isOperand(tokens.get(at + 1), type) ? new CastType(words, pointer, at + 1) : null;
  }

  /** Whether a token begins what is cast; a sign does only after what is surely a type. */
  private static boolean isOperand(Token token, boolean type) {
    return switch (token.kind()) {
      case WORD, NUMBER, STRING, CHARACTER -> true;
      case OPERATOR -> token.is("(") || type && "-~!+&".contains(token.text());
      case END -> false;
    };
  }

  /** The operand, cast; bytes of a field stay what they are. */
  Expr apply(Expr operand, Style style) {
    if (!(operand instanceof Expr.Number number)) {
      return operand;
    }
    if (style == Style.KERNEL && words.contains("bool") && !pointer) {
      return Numbers.unary('!', Numbers.unary('!', number, CType.S32), CType.S32);
    }
    CType type = CType.named(words, pointer);
    CType target = style == Style.TRACE_CMD ? new CType(type.bits(), false) : type;
    return Numbers.cast(number, target, ExprParser.evaluated(type, style));
  }
}
