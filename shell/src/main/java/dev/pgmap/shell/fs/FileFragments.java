package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code filefrag}: where a file lies on its device. */
@CommandLine.Command(name = "filefrag", description = "Show the extents of files.")
public final class FileFragments implements Command {
  private static final int BLOCK_BYTES = 4096;

  private final Console console;

  @Option(names = "-v", description = "Each extent: file blocks, device blocks, flags.")
  private boolean verbose;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<String> files = List.of();

  /** On that console. */
  public FileFragments(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String name : files) {
      try (FsFile file = MountedPath.of(console, name).open(false)) {
        List<Iomap> extents = file.fiemap();
        if (verbose) {
          printAll(name, file.sizeBytes(), extents);
        }
        console
            .out()
            .println(
                "%s: %d extent%s found"
                    .formatted(name, extents.size(), extents.size() == 1 ? "" : "s"));
      }
    }
    return Exit.OK;
  }

  private void printAll(String name, long bytes, List<Iomap> extents) {
    console
        .out()
        .println(
            "File size of %s is %d (%d block%s of %d bytes)"
                .formatted(
                    name,
                    bytes,
                    (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES,
                    bytes > 0 && bytes <= BLOCK_BYTES ? "" : "s",
                    BLOCK_BYTES));
    console
        .out()
        .println(" ext:     logical_offset:        physical_offset: length:   expected: flags:");
    long expected = -1;
    for (int i = 0; i < extents.size(); i++) {
      print(i, extents.get(i), expected, i == extents.size() - 1, bytes);
      expected = (extents.get(i).deviceOffset() + extents.get(i).length()) / BLOCK_BYTES;
    }
  }

  private void print(int number, Iomap extent, long expected, boolean last, long bytes) {
    long page = extent.pos() / BLOCK_BYTES;
    long block = extent.deviceOffset() / BLOCK_BYTES;
    long nrBlocks = extent.length() / BLOCK_BYTES;
    console
        .out()
        .println(
            "%4d:%9d..%8d:%11d..%11d:%7d:%11s %s"
                .formatted(
                    number,
                    page,
                    page + nrBlocks - 1,
                    block,
                    block + nrBlocks - 1,
                    nrBlocks,
                    expected < 0 || expected == block ? "" : expected + ":",
                    flags(extent, last, bytes))
                .stripTrailing());
  }

  private static String flags(Iomap extent, boolean last, long bytes) {
    StringJoiner flags = new StringJoiner(",");
    if (last) {
      flags.add("last");
    }
    if (extent.type() == Iomap.Type.UNWRITTEN) {
      flags.add("unwritten");
    }
    if (extent.has(Iomap.F_SHARED)) {
      flags.add("shared");
    }
    if (last && extent.end() >= bytes) {
      flags.add("eof");
    }
    return flags.toString();
  }
}
