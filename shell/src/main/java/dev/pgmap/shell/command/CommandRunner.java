package dev.pgmap.shell.command;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.shell.session.BrokenPipe;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Text;
import dev.pgmap.trace.event.TraceException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs one command that is given as its words: finds it, reads its options, calls it, and turns
 * whatever it throws into one message and an exit code.
 */
public final class CommandRunner implements Console.Runner {
  private static final int MAX_MESSAGE = 300;

  private final Registry registry;

  /** Runs commands of this registry. */
  public CommandRunner(Registry registry) {
    this.registry = registry;
  }

  @Override
  public int run(Console console, List<String> words) {
    String name = words.getFirst();
    console.ended(Exit.OK, null);
    try {
      int status = call(console, name, words.subList(1, words.size()));
      console.ended(status, status == Exit.OK ? null : console.errno());
    } catch (MmException e) {
      complain(console, name, e.getMessage());
      console.ended(Exit.FAILED, e.errno());
    } catch (BrokenPipe e) {
      throw e;
    } catch (CommandException e) {
      complain(console, name, e.getMessage());
      console.ended(e.exitCode(), null);
    } catch (TraceException e) {
      complain(console, name, e.getMessage());
      console.ended(Exit.BAD_FILE, null);
    } catch (ParameterException e) {
      complain(console, fullName(e.getCommandLine()), explain(e));
      console.ended(Exit.USAGE, null);
    } catch (OutOfMemoryError e) {
      complain(
          console,
          name,
          "the program's own memory is exhausted (-ENOMEM): ask for less, or"
              + " give it more with PGMAP_JAVA_OPTS=-Xmx4g");
      console.ended(Exit.FAILED, Errno.ENOMEM);
    } catch (RuntimeException e) {
      complain(console, name, "internal error, please report it: " + e);
      e.printStackTrace(console.err());
      console.ended(Exit.FAILED, null);
    }
    console.out().flush();
    console.err().flush();
    return console.status();
  }

  private static void complain(Console console, String name, @Nullable String message) {
    console.out().flush();
    console.err().println(Text.shorten(name) + ": " + message);
  }

  private int call(Console console, String name, List<String> arguments) {
    CommandLine line = registry.make(name, console);
    if (line == null) {
      throw unknown(name);
    }
    // picocli 4.7.7 fails at these arguments while it looks for abbreviations.
    boolean abbreviations = !arguments.contains("") && !arguments.contains("-");
    line.setAbbreviatedOptionsAllowed(abbreviations);
    ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
    List<CommandLine> chain = parsed.asCommandLineList();
    for (CommandLine one : chain) {
      if (one.isUsageHelpRequested()) {
        one.usage(console.out());
        return Exit.OK;
      }
    }
    if (!registry.needsMachine(name)) {
      return execute(chain.getLast());
    }
    int[] status = {Exit.FAILED};
    console.machine().sync().runAs(name, () -> status[0] = execute(chain.getLast()));
    return status[0];
  }

  private static int execute(CommandLine line) {
    if (!(line.getCommand() instanceof Command command)) {
      throw new ParameterException(
          line,
          "found no subcommand, expected one of "
              + String.join(", ", line.getSubcommands().keySet()));
    }
    return command.call();
  }

  private CommandException unknown(String name) {
    String similar = registry.similarTo(name);
    return CommandException.usage(
        "no such command%s",
        similar.isEmpty() ? "; help lists them" : "; did you mean '" + similar + "'?");
  }

  private static String fullName(CommandLine line) {
    return line.getCommandSpec().qualifiedName(" ");
  }

  private static String explain(ParameterException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CommandException own) {
        return own.text();
      }
    }
    String tail = "; see " + fullName(e.getCommandLine()) + " --help";
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      String hint = similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
      String found = unmatched.getUnmatched().getFirst();
      String what = unmatched.isUnknownOption() ? "unknown option" : "unexpected argument";
      return what + " '" + Text.shorten(found) + "'" + (hint.isEmpty() ? tail : hint);
    }
    return Text.shorten(String.valueOf(e.getMessage()), MAX_MESSAGE) + tail;
  }
}
