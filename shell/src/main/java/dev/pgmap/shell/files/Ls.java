package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ls}. */
@CommandLine.Command(name = "ls", description = "List directories of /proc, /sys and /dev.")
public final class Ls implements Command {
  private final Console console;

  @Parameters(paramLabel = "PATH", arity = "0..*", description = "Default: where cd went.")
  private List<String> paths = List.of();

  /** On that console. */
  public Ls(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    VirtualFiles files = new VirtualFiles(console.session().lab());
    List<String> wanted = paths.isEmpty() ? List.of(console.directory()) : paths;
    for (String path : wanted) {
      List<String> names = files.list(console.resolve(path));
      if (wanted.size() > 1 && files.isDirectory(console.resolve(path))) {
        console.out().println(path + ":");
      }
      names.forEach(console.out()::println);
    }
    return Exit.OK;
  }
}
