package dev.pgmap.core.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevmemLab;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migration against faults, forks and unmapping on the same pages, with real threads. */
class MigrationRaceTest {
  private static final int PAGES = 16;
  private static final int ROUNDS = 150;
  private static final long PAGE = DevmemLab.PAGE;

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.15", "7.2"})
  void everyByteStaysWhatItWasWhateverTheOrder(String era) throws Exception {
    long seed = Crew.seed("MigrationRaceTest " + era);
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(PAGES);
      long buffer = lab.mm().mmap(null, PAGES * PAGE, 0, false, true);
      AtomicBoolean done = new AtomicBoolean();
      Crew crew = new Crew();
      crew.add(() -> migrate(lab, device, at, buffer, new Random(seed), done));
      crew.add(() -> read(lab, at, new Random(seed + 1), done));
      crew.add(() -> fork(lab, at, new Random(seed + 2), done));
      crew.add(() -> mapAndUnmap(lab, device, new Random(seed + 3), done));
      try {
        crew.start();
      } finally {
        crew.join();
      }
      for (int i = 0; i < PAGES; i++) {
        assertThat(lab.mm().load(at + i * PAGE)).isEqualTo((byte) (i + 1));
      }
    }
  }

  private static void migrate(
      DevmemLab lab, OpenDevice device, long at, long buffer, Random random, AtomicBoolean done) {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        int first = random.nextInt(PAGES);
        int n = 1 + random.nextInt(PAGES - first);
        tryCommand(lab, device, MirrorCommand.MIGRATE_TO_DEV, at + first * PAGE, n, buffer);
      }
    } finally {
      done.set(true);
    }
  }

  /** A page that somebody holds just now does not move, and then cannot be read by the device. */
  private static void tryCommand(
      DevmemLab lab, OpenDevice device, MirrorCommand command, long at, int n, long buffer) {
    try {
      lab.command(device, command, at, n, buffer);
    } catch (MmException e) {
      assertThat(e.errno()).isIn(Errno.ENOENT, Errno.EINVAL);
    }
  }

  private static void read(DevmemLab lab, long at, Random random, AtomicBoolean done) {
    while (!done.get()) {
      int i = random.nextInt(PAGES);
      assertThat(lab.mm().load(at + i * PAGE)).isEqualTo((byte) (i + 1));
      lab.mm().store(at + i * PAGE + 1, (byte) random.nextInt());
    }
  }

  private static void fork(DevmemLab lab, long at, Random random, AtomicBoolean done) {
    while (!done.get()) {
      Task child = lab.task.fork();
      try {
        int i = random.nextInt(PAGES);
        assertThat(child.mm().load(at + i * PAGE)).isEqualTo((byte) (i + 1));
        child.mm().store(at + i * PAGE, (byte) 77);
      } finally {
        child.exit();
      }
    }
  }

  private static void mapAndUnmap(
      DevmemLab lab, OpenDevice device, Random random, AtomicBoolean done) {
    while (!done.get()) {
      long at = lab.mapFilled(PAGES);
      tryCommand(lab, device, MirrorCommand.MIGRATE_TO_DEV, at, 1 + random.nextInt(PAGES), at);
      lab.mm().munmap(at + random.nextInt(PAGES) * PAGE, PAGE);
      lab.mm().munmap(at, PAGES * PAGE);
    }
  }
}
