package dev.pgmap.shell.files;

import dev.pgmap.api.fs.FsStat;
import dev.pgmap.core.fs.Mount;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ls}. */
@CommandLine.Command(
    name = "ls",
    description = "List directories of /proc, /sys, /dev and mounted file systems.")
public final class Ls implements Command {
  private final Console console;

  @Option(names = "-l", description = "Links and sizes, for files of mounted file systems.")
  private boolean detailed;

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
      boolean inside = files.isDirectory(console.resolve(path));
      names.forEach(name -> print(inside ? path + "/" + name : path, name));
    }
    return Exit.OK;
  }

  private void print(String path, String name) {
    Mount mount = console.machine().filesystems().holding(console.resolve(path));
    if (!detailed || mount == null) {
      console.out().println(name);
      return;
    }
    FsStat stat = mount.filesystem().stat(mount.relative(console.resolve(path)));
    console
        .out()
        .println(
            "%s %3d root root %12d %s"
                .formatted(
                    stat.isDirectory() ? "drwxr-xr-x" : "-rw-r--r--",
                    stat.nrLinks(),
                    stat.sizeBytes(),
                    name));
  }
}
