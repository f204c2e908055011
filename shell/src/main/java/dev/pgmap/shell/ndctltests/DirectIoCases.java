package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The five cases of {@code test_dax_directio}, each on a fresh mapping of twice the alignment.
 *
 * @param console where the child of the fork runs
 * @param task whose memory is mapped
 * @param bytes the length of a mapping
 * @param map makes one
 */
record DirectIoCases(Console console, Task task, long bytes, LongSupplier map) {
  private static final byte[] FILE = Arrays.copyOf(text("O_DIRECT of unfaulted address"), 4096);

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  void run() {
    List<LongConsumer> cases =
        List.of(
            this::unfaultedThenReadOnly,
            this::prefaulted,
            this::fork,
            this::readOnlyToWritable,
            this::writeToUnfaulted);
    for (LongConsumer one : cases) {
      long address = map.getAsLong();
      one.accept(address);
      task.mm().munmap(address, bytes);
    }
  }

  private DirectIo io() {
    return new DirectIo(console.machine(), task.mm());
  }

  private void unfaultedThenReadOnly(long address) {
    byte[] before = io().write(address);
    io().read(address, before);
    check(Arrays.equals(io().write(address), before), "a page keeps what was read back into it");
  }

  private void prefaulted(long address) {
    byte[] data = text("odirect data");
    store(address, data);
    check(startsWith(io().write(address), data), "direct I/O sees what was stored");
  }

  private void fork(long address) {
    byte[] data = text("fork data");
    store(address, data);
    Task child = task.fork();
    int status =
        console.session().tasks().run(child, self -> isAt(self, address, data) ? Exit.OK : 1);
    check(status == Exit.OK, "a child sees the parent's data");
  }

  private void readOnlyToWritable(long address) {
    byte value = task.mm().load(address);
    task.mm().store(address, value);
    check(task.mm().load(address) == value, "a page that was read can be written");
  }

  private void writeToUnfaulted(long address) {
    io().read(address, FILE);
    check(isAt(task, address, FILE), "the task sees what direct I/O wrote");
  }

  private void store(long address, byte[] data) {
    for (int i = 0; i < data.length; i++) {
      task.mm().store(address + i, data[i]);
    }
  }

  private static boolean startsWith(byte[] page, byte[] data) {
    return Arrays.equals(Arrays.copyOf(page, data.length), data);
  }

  private static boolean isAt(Task task, long address, byte[] data) {
    for (int i = 0; i < data.length; i++) {
      if (task.mm().load(address + i) != data[i]) {
        return false;
      }
    }
    return true;
  }
}
