package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the suite asks of {@code fio} with the engine {@code dev-dax}: the blocks of a device are
 * written in random order through a mapping, each with headers that tell where they belong, and
 * verified after all are written.
 */
@CommandLine.Command(
    name = "write-verify",
    description = "Write the blocks of a device in random order, then verify all of them.")
final class WriteVerify implements Command {
  private static final int HEADER_BYTES = 16;
  private static final int MAX_HEADERS_OF_BLOCK = 512;
  private static final int PAGE_BYTES = 4096;

  private final Console console;

  @Parameters(index = "0", paramLabel = "DEVICE")
  private String device = "";

  @Parameters(index = "1", paramLabel = "BLOCK", converter = SizeConverter.class)
  private long blockBytes;

  @Parameters(index = "2", paramLabel = "SIZE", converter = SizeConverter.class)
  private long bytes;

  @Option(names = "--seed", description = "Of the order and the headers. Default: ${DEFAULT-VALUE}")
  private long seed = 20230;

  WriteVerify(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    return console.runAsTask("fio", this::run);
  }

  private int run(Task task) {
    List<Long> blocks = new ArrayList<>();
    for (long at = 0; at < bytes; at += blockBytes) {
      blocks.add(at);
    }
    Collections.shuffle(blocks, new Random(seed));
    try (OpenFile open = console.machine().files().open(console.resolve(device), false)) {
      long base = task.mm().mmap(open.space(), bytes, 0, true, true);
      blocks.forEach(at -> write(task.mm(), base, at));
      blocks.forEach(at -> verify(task.mm(), base, at));
      task.mm().munmap(base, bytes);
    }
    console.out().printf("%d blocks of %d bytes written and verified%n", blocks.size(), blockBytes);
    return Exit.OK;
  }

  /** From one header of a block to the next: every page of a small block has one. */
  private long step() {
    return Math.max(PAGE_BYTES, blockBytes / MAX_HEADERS_OF_BLOCK);
  }

  private void write(Mm mm, long base, long block) {
    for (long at = block; at < block + blockBytes; at += step()) {
      for (int i = 0; i < HEADER_BYTES; i++) {
        mm.store(base + at + i, header(at, i));
      }
    }
  }

  private void verify(Mm mm, long base, long block) {
    for (long at = block; at < block + blockBytes; at += step()) {
      for (int i = 0; i < HEADER_BYTES; i++) {
        check(
            mm.load(base + at + i) == header(at, i),
            "the header at 0x%x is there (seed %d)".formatted(at, seed));
      }
    }
  }

  private byte header(long offset, int index) {
    return (byte) ((offset ^ seed * 31) >>> index * 8 % 48);
  }
}
