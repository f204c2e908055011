package dev.pgmap.shell.line;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed command, with the line of its source that it begins on, from 1. */
public sealed interface Statement {
  /** The line that it begins on. */
  int line();

  /** The text it was parsed from. */
  String text();

  /** Whether it began with {@code -}: a failure does not stop the script. */
  default boolean mayFail() {
    return false;
  }

  /**
   * One command with its words.
   *
   * @param mayFail whether it began with {@code -}
   * @param redirect where its output goes, or null for the console
   */
  record Simple(
      int line, String text, boolean mayFail, List<Word> words, @Nullable Redirect redirect)
      implements Statement {}

  /**
   * A target of {@code >} or {@code >>}.
   *
   * @param append whether it was {@code >>}
   */
  record Redirect(Word target, boolean append) {}

  /** {@code a | b}: each command reads what the one before it printed. */
  record Pipeline(int line, String text, List<Statement> stages) implements Statement {
    @Override
    public boolean mayFail() {
      return stages.getFirst().mayFail();
    }
  }

  /** <code>{ body; }</code>: several commands where one may stand. */
  record Block(int line, String text, List<Statement> body) implements Statement {}

  /** {@code body &}: runs beside the console. */
  record Background(int line, String text, Statement body) implements Statement {}

  /** {@code left && right}, or with {@code or} {@code left || right}. */
  record Chain(int line, String text, Statement left, boolean or, Statement right)
      implements Statement {}

  /** {@code for variable in values; do body; done}. */
  record Loop(int line, String text, String variable, List<Word> values, List<Statement> body)
      implements Statement {}
}
