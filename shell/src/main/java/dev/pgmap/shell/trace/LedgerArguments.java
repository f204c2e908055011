package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.pairing.FunctionPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arguments of commands that build ledgers; a mixin. */
final class LedgerArguments {
  private static final int NANOS_IN_MICRO = 1_000;
  private static final int MAX_MICROS = 10_000_000;

  @Option(
      names = "--buffer",
      paramLabel = "NAME",
      description = "Only the events of that buffer (instance), if several have any.")
  private @Nullable String buffer;

  @Option(
      names = "--window",
      paramLabel = "MICROSECONDS",
      description = {
        "How far apart the stamps of two cpus may be and still be the reverse of what happened.",
        "For a clock that counts, in its units. Default: what suits the clock; 100 for time."
      })
  private @Nullable Integer window;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = {
        "More functions that release what others acquired, one family a line, such as",
        "my-pin [user]: my_get_pages <-> my_put_pages"
      })
  private @Nullable Path pairs;

  /**
   * What they ask for.
   *
   * @param isTime whether the recording's clock measures time
   * @throws CommandException if one is malformed, or the file of pairs cannot be read
   * @throws TraceException if a line of the file is no pair
   */
  LedgerOptions options(boolean isTime) {
    LedgerOptions options = LedgerOptions.standard();
    if (buffer != null) {
      options = options.withBuffer(buffer);
    }
    if (window != null) {
      if (window < 0 || window > MAX_MICROS) {
        throw CommandException.badValue(
            "--window", window.toString(), "a number from 0 to " + MAX_MICROS);
      }
      options = options.withWindow(isTime ? (long) window * NANOS_IN_MICRO : window);
    }
    Path file = pairs;
    return file == null
        ? options
        : options.withPairs(FunctionPairs.standard().plus(file.toString(), text(file)));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.badValue("--pairs", file.toString(), "a text file that can be read");
    }
  }
}
