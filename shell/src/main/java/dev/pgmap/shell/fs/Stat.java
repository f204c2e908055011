package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsStat;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code stat}, as far as the file system keeps what it shows: it keeps no times. */
@CommandLine.Command(name = "stat", description = "Show what a file or directory is.")
public final class Stat implements Command {
  private static final int BLOCK_BYTES = 4096;
  private static final int SECTOR_BYTES = 512;

  private final Console console;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<String> files = List.of();

  /** On that console. */
  public Stat(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    files.forEach(this::print);
    return Exit.OK;
  }

  private void print(String name) {
    MountedPath path = MountedPath.of(console, name);
    FsStat stat = path.stat();
    console.out().println("  File: " + name);
    console
        .out()
        .println(
            "  Size: %-15d Blocks: %-10d IO Block: %-6d %s"
                .formatted(
                    stat.sizeBytes(),
                    stat.blocks() * (BLOCK_BYTES / SECTOR_BYTES),
                    BLOCK_BYTES,
                    stat.isDirectory() ? "directory" : "regular file"));
    console
        .out()
        .println(
            "Device: %-13s Inode: %-11d Links: %d"
                .formatted(path.mount().disk().name(), stat.ino(), stat.nrLinks()));
  }
}
