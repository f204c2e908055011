package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsSpace;
import dev.pgmap.core.fs.Mount;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code df}. */
@CommandLine.Command(name = "df", description = "Show how full the mounted file systems are.")
public final class DiskFree implements Command {
  private static final String ROW = "%-15s %10s %10s %10s %4s %s";

  private final Console console;

  /** On that console. */
  public DiskFree(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console
        .out()
        .println(
            ROW.formatted("Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"));
    console.machine().filesystems().mounts().forEach(this::print);
    return Exit.OK;
  }

  private void print(Mount mount) {
    FsSpace space = mount.filesystem().space();
    long used = space.totalBytes() - space.freeBytes();
    console
        .out()
        .println(
            ROW.formatted(
                mount.disk().path(),
                space.totalBytes() >> 10,
                used >> 10,
                space.freeBytes() >> 10,
                (used * 100 + space.totalBytes() - 1) / space.totalBytes() + "%",
                mount.path()));
  }
}
