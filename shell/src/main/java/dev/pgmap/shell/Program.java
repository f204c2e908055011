package dev.pgmap.shell;

import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.shell.machine.MachineFile;
import dev.pgmap.shell.machine.PolicyCommand;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Job;
import dev.pgmap.shell.session.Session;
import dev.pgmap.shell.session.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** One run of the program: reads the options, boots the machine, runs what was asked for. */
final class Program {
  private final PrintWriter out;
  private final PrintWriter err;
  private final TerminalInfo terminal;

  Program(PrintWriter out, PrintWriter err, TerminalInfo terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Returns the exit code. */
  int run(String... args) {
    Options options = new Options();
    CommandLine line = new CommandLine(options).setStopAtPositional(true).setExpandAtFiles(false);
    try {
      line.parseArgs(args);
      if (options.help()) {
        line.usage(out);
        return Exit.OK;
      }
      if (options.version()) {
        out.println(Version.text());
        return Exit.OK;
      }
      if (options.words().isEmpty()) {
        line.usage(err);
        return Exit.USAGE;
      }
      return run(options);
    } catch (ParameterException e) {
      return complain(Text.shorten(String.valueOf(e.getMessage())) + "; see pgmap --help", 2);
    } catch (CommandException e) {
      return complain(e.text(), e.exitCode());
    } finally {
      out.flush();
      err.flush();
    }
  }

  private int complain(String message, int status) {
    out.flush();
    err.println("pgmap: " + message);
    return status;
  }

  private int run(Options options) {
    List<String> words = options.words();
    checkFirstWord(words);
    MachineSpec spec = spec(options);
    Session session;
    try {
      session =
          needsMachine(words.getFirst())
              ? new Session(spec, terminal.plugins(), options.json())
              : Session.bootingLater(spec, terminal.plugins(), options.json());
    } catch (MmException e) {
      return complain(
          "the machine does not boot: " + e.getMessage(),
          options.machine() == null ? Exit.FAILED : Exit.BAD_FILE);
    }
    try {
      return run(session, words);
    } finally {
      for (Job job : session.stop()) {
        complain("left inside the kernel: " + job.command(), Exit.FAILED);
      }
    }
  }

  private static boolean needsMachine(String command) {
    return Commands.all().needsMachine(command);
  }

  /** Refuses what cannot be run before a machine is booted for it. */
  private static void checkFirstWord(List<String> words) {
    String first = words.getFirst();
    if (first.equals("run")) {
      if (words.size() < 2) {
        throw CommandException.usage("run: found no file after it, expected a script");
      }
    } else if (first.equals("sh")) {
      boolean oneLine = words.size() == 3 && words.get(1).equals("-c");
      if (words.size() != 1 && !oneLine) {
        throw CommandException.usage("sh: found '%s', expected nothing, or -c LINE", words.get(1));
      }
    } else if (!Commands.all().names().contains(first)) {
      String similar = Commands.all().similarTo(first);
      throw CommandException.usage(
          "no such command '%s'%s",
          Text.shorten(first),
          similar.isEmpty() ? "; see pgmap help" : "; did you mean '" + similar + "'?");
    }
  }

  private static MachineSpec spec(Options options) {
    Path file = options.machine();
    MachineSpec spec = file == null ? MachineSpec.standard() : MachineFile.read(file);
    @Nullable String era = options.era();
    @Nullable String geometry = options.geometry();
    try {
      spec = era == null ? spec : spec.withEra(Era.named(era));
      spec = PolicyCommand.apply(spec, PolicyCommand.parse(options.policies()));
      return geometry == null ? spec : spec.withGeometry(Geometries.named(geometry));
    } catch (MmException e) {
      throw CommandException.usage("%s", "--" + e.getMessage());
    }
  }

  private int run(Session session, List<String> words) {
    Shell shell = new Shell(session, out, err, terminal.error());
    boolean interactive = words.equals(List.of("sh")) && terminal.input();
    if (interactive) {
      return new Repl(session, terminal.history()).run();
    }
    Thread runner = Thread.currentThread();
    Signals.register("INT", runner::interrupt);
    return switch (words.getFirst()) {
      case "run" -> shell.runScript(path(words.get(1)), words.subList(2, words.size()));
      case "sh" -> words.size() == 3 ? shell.execute(words.get(2)) : readInput(shell);
      default -> shell.execute(words);
    };
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new CommandException(
          Exit.BAD_FILE, "script: found '" + Text.shorten(name) + "', expected a path");
    }
  }

  /** Runs standard input as one text, as sh does, though a failure does not end it. */
  private static int readInput(Shell shell) {
    try {
      byte[] bytes = System.in.readAllBytes();
      return shell.execute(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
