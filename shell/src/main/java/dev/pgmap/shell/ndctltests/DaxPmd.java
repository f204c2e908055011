package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Arrays;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code dax-pmd} of the suite: direct I/O, fork and poison on a part of a file that one huge entry
 * can map. After the poison a hole is punched there, and what is written into it is read back.
 */
@CommandLine.Command(
    name = "dax-pmd",
    description = "Check a file with an extent of more than 4M on a DAX mount.")
final class DaxPmd implements Command {
  private static final long HUGE_BYTES = 2L << 20;
  private static final int PAGE_BYTES = 4096;

  private final Console console;

  @Parameters(paramLabel = "FILE")
  private String name = "";

  DaxPmd(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    return console.runAsTask("dax-pmd", this::run);
  }

  private int run(Task task) {
    try (OpenFile open = console.machine().files().open(console.resolve(name), false)) {
      FsFile file = Objects.requireNonNull(open.file());
      long offset = hugeOffset(file);
      check(offset >= 0, name + " has an extent that huge entries can map");
      new DirectIoCases(console, task, 2 * HUGE_BYTES, () -> map(task, open, offset)).run();
      poison(task, open, offset);
      repair(file, offset);
    }
    return Exit.OK;
  }

  /** Where in the file a huge page of the device begins that has another one behind it. */
  private static long hugeOffset(FsFile file) {
    for (Iomap extent : file.fiemap()) {
      long skipped = -extent.deviceOffset() & (HUGE_BYTES - 1);
      if (extent.length() >= skipped + 2 * HUGE_BYTES) {
        return extent.pos() + skipped;
      }
    }
    return -1;
  }

  private static long map(Task task, OpenFile open, long offset) {
    return task.mm().mmap(open.space(), 2 * HUGE_BYTES, offset / PAGE_BYTES, true, true);
  }

  private void poison(Task task, OpenFile open, long offset) {
    long address = map(task, open, offset);
    new PoisonCase(console.machine(), task, HUGE_BYTES).run(address);
    task.mm().munmap(address, 2 * HUGE_BYTES);
  }

  private static void repair(FsFile file, long offset) {
    byte[] written = new byte[PAGE_BYTES];
    Arrays.fill(written, (byte) 0x5a);
    file.punchHole(offset, HUGE_BYTES);
    file.write(offset, written, 0, PAGE_BYTES);
    file.fsync();
    byte[] read = new byte[PAGE_BYTES];
    file.read(offset, read, 0, PAGE_BYTES);
    check(Arrays.equals(read, written), "what is written into the hole is read back");
  }
}
