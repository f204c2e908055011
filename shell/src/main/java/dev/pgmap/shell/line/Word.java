package dev.pgmap.shell.line;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A word of a command line, before its variables are replaced.
 *
 * @param parts what it is made of, in order; a quoted empty string is one empty literal
 */
public record Word(List<Part> parts) {
  /** A piece of a word. */
  public sealed interface Part {
    /** Whether it stood in quotes: then its value is not split at blanks. */
    boolean quoted();
  }

  /** Text that stands for itself. */
  public record Literal(String text, boolean quoted) implements Part {}

  /** {@code $NAME}, {@code $?}, {@code $!}, {@code $1}, {@code $#} or {@code $@}. */
  public record Variable(String name, boolean quoted) implements Part {}

  /** {@code $(...)}: what these commands print, without the last line ends. */
  public record Output(List<Statement> commands, boolean quoted) implements Part {}

  /** Copies the list. */
  public Word {
    parts = List.copyOf(parts);
  }

  /** The text of a word that holds nothing but unquoted literals; empty for any other. */
  String bareText() {
    boolean bare = parts.stream().allMatch(p -> p instanceof Literal && !p.quoted());
    return bare ? parts.stream().map(p -> ((Literal) p).text()).collect(Collectors.joining()) : "";
  }
}
