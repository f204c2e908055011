package dev.pgmap.shell.command;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
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

  /**
   * What came of it.
   *
   * @param count to how many it was done
   * @param status the exit code
   */
  public record Result(int count, int status) {}

  /**
   * The same; an error is told before the count, as daxctl does where that is of use.
   *
   * @param error what comes before the message
   */
  public static Result runTelling(
      Console console,
      String verb,
      String noun,
      String error,
      List<String> names,
      Predicate<String> action) {
    int count = 0;
    Errno errno = null;
    try {
      for (String name : names) {
        count += action.test(name) ? 1 : 0;
      }
    } catch (MmException e) {
      errno = e.errno();
      console.out().flush();
      console.err().println(error + ": " + e.getMessage());
    }
    console.out().flush();
    console.err().println("%s %d %s%s".formatted(verb, count, noun, count == 1 ? "" : "s"));
    console.ended(errno == null ? Exit.OK : Exit.FAILED, errno);
    return new Result(count, console.status());
  }
}
