package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code mmap} of the suite: a file mapped shared and private, to read and to write, populated at
 * once and page by page. What is stored in a private mapping does not reach the file, and what may
 * only be read cannot be stored to.
 *
 * <p>Left out: the combinations with {@code mlock}, which is not here.
 */
@CommandLine.Command(name = "mmap", description = "Map a file of a DAX mount in eight ways.")
final class MmapFlags implements Command {
  private static final int BYTES = 4 << 20;
  private static final int STEP = 1 << 18;

  private final Console console;

  @Parameters(paramLabel = "FILE")
  private String name = "";

  MmapFlags(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    return console.runAsTask("mmap", this::run);
  }

  private int run(Task task) {
    for (boolean shared : new boolean[] {true, false}) {
      for (boolean writable : new boolean[] {true, false}) {
        for (boolean populate : new boolean[] {true, false}) {
          try (OpenFile open = console.machine().files().open(console.resolve(name), true)) {
            one(task, open, shared, writable, populate);
          }
        }
      }
    }
    return Exit.OK;
  }

  private void one(Task task, OpenFile open, boolean shared, boolean writable, boolean populate) {
    FsFile file = Objects.requireNonNull(open.file());
    byte[] data = new byte[BYTES];
    for (int at = 0; at < BYTES; at += STEP) {
      data[at] = (byte) (at / STEP + 1);
    }
    file.write(0, data, 0, BYTES);
    long address = task.mm().mmap(open.space(), BYTES, 0, shared, writable);
    if (populate) {
      read(task, address, data);
    }
    store(task, address, writable);
    task.mm().munmap(address, BYTES);
    byte[] after = new byte[1];
    file.read(0, after, 0, 1);
    check(after[0] == (shared && writable ? (byte) 0x77 : data[0]), "the file has what it should");
  }

  private static void read(Task task, long address, byte[] data) {
    for (int at = 0; at < BYTES; at += STEP) {
      check(task.mm().load(address + at) == data[at], "the mapping shows the file");
    }
  }

  private static void store(Task task, long address, boolean writable) {
    try {
      task.mm().store(address, (byte) 0x77);
      check(writable, "a store to what may only be read fails");
      check(task.mm().load(address) == 0x77, "the mapping has what was stored");
    } catch (TaskSignal e) {
      check(!writable && e.signal() == TaskSignal.SIGSEGV, "only reading gives SIGSEGV: " + e);
    }
  }
}
