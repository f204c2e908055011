package dev.pgmap.shell.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cp}. */
@CommandLine.Command(
    name = "cp",
    description =
        "Copy a file of a mounted file system; with --reflink the copy shares its blocks.")
public final class Copy implements Command {
  /**
   * Makes the bare option mean {@code --reflink=always}: its value comes after a {@code =} only.
   */
  static final class Always implements CommandLine.IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        args.push("always");
      }
      return false;
    }
  }

  private static final int CHUNK_BYTES = 1 << 20;

  private final Console console;

  @Option(
      names = "--reflink",
      paramLabel = "WHEN",
      preprocessor = Always.class,
      description = "always (the default of the bare option), auto or never.")
  private @Nullable String reflink;

  @Parameters(index = "0", paramLabel = "FROM")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "A name, or a directory.")
  private String to = "";

  /** On that console. */
  public Copy(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    String when = reflink == null ? "never" : reflink;
    if (!when.matches("always|auto|never")) {
      throw CommandException.badValue("--reflink", when, "always, auto or never");
    }
    MountedPath source = MountedPath.of(console, from);
    MountedPath target = MountedPath.of(console, to).orInside(source.name());
    if (source.mount().equals(target.mount()) && source.path().equals(target.path())) {
      throw new MmException(Errno.EINVAL, from, "the same file as " + to, "another one", "");
    }
    if (when.equals("never") || !share(source, target, when.equals("always"))) {
      copy(source, target);
    }
    return Exit.OK;
  }

  private boolean share(MountedPath source, MountedPath target, boolean must) {
    try {
      source.checkSameMount(target);
      try (FsFile file = target.open(true)) {
        file.truncate(0);
      }
      source.filesystem().cloneRange(source.path(), 0, target.path(), 0, 0);
      return true;
    } catch (MmException e) {
      if (must || (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EXDEV)) {
        throw e;
      }
      return false;
    }
  }

  private void copy(MountedPath source, MountedPath target) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (FsFile in = source.open(false);
        FsFile out = target.open(true)) {
      out.truncate(0);
      long pos = 0;
      for (int n = in.read(pos, chunk, 0, chunk.length); n > 0; ) {
        Console.checkInterrupted();
        out.write(pos, chunk, 0, n);
        pos += n;
        n = in.read(pos, chunk, 0, chunk.length);
      }
    }
  }
}
