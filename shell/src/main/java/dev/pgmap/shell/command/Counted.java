package dev.pgmap.shell.command;

import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.function.Predicate;

/** Does something to several objects and says to how many, as ndctl and daxctl do. */
public final class Counted {
  private Counted() {}

  /**
   * Does it to one after the other and stops at the first that fails; the count is printed either
   * way.
   *
   * @param verb such as {@code destroyed}
   * @param noun such as {@code namespace}
   * @param action tells whether it changed anything, which is what counts
   */
  public static int run(
      Console console, String verb, String noun, List<String> names, Predicate<String> action) {
    int count = 0;
    try {
      for (String name : names) {
        count += action.test(name) ? 1 : 0;
      }
    } finally {
      console.out().flush();
      console.err().println("%s %d %s%s".formatted(verb, count, noun, count == 1 ? "" : "s"));
    }
    return Exit.OK;
  }
}
