package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.testing.Crew;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that map, store to, pin, truncate, punch, clone, rename and delete the same few files at
 * once; afterwards the file system is sound and the machine idle. {@code -Dpgmap.fs.rounds} asks
 * for more.
 */
class FsStressTest {
  private static final int PAGE = 4096;
  private static final int TASKS = 3;
  private static final long FILE_BYTES = 3L << 20;

  /** What an operation may be refused with, since the others change the same files. */
  private static final Set<Errno> EXPECTED =
      Set.of(
          Errno.ENOENT, Errno.ENOSPC, Errno.EINVAL, Errno.EFAULT, Errno.EEXIST, Errno.EOPNOTSUPP);

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.12", "6.15", "7.2"})
  void tasksThatUseTheSameFilesLeaveThemSound(String era) throws InterruptedException {
    long seed = Long.getLong("pgmap.fs.seed", System.nanoTime());
    int rounds = Integer.getInteger("pgmap.fs.rounds", 150);
    System.out.println("FsStressTest seed " + seed + ", era " + era);
    try (FsLab lab = new FsLab(Era.named(era), null)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      Crew crew = new Crew();
      for (int task = 0; task < TASKS; task++) {
        Random random = new Random(seed + task);
        Mm mm = lab.machine.newTask("task" + task).mm();
        crew.add(() -> {
          for (int i = 0; i < rounds && !crew.hasFailed(); i++) {
            attempt(() -> step(lab, fs, mm, random));
          }
        });
      }
      crew.start().join();
      lab.unmount();
      assertThat(lab.type().check(lab.disk().bytes())).isEmpty();
      lab.assertIdle();
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (MmException e) {
      if (!EXPECTED.contains(e.errno())) {
        throw e;
      }
    } catch (RuntimeException e) {
      // A store behind the end of a file that another task has cut off is a SIGBUS.
      if (!e.getClass().getSimpleName().equals("TaskSignal")) {
        throw e;
      }
    }
  }

  private static void step(FsLab lab, MountedFilesystem fs, Mm mm, Random random) {
    String name = "f" + random.nextInt(3);
    String other = "f" + random.nextInt(3);
    long pos = (long) random.nextInt((int) (FILE_BYTES / PAGE)) * PAGE;
    switch (random.nextInt(8)) {
      case 0, 1 -> useMapping(lab, fs, mm, random, name);
      case 2 -> with(fs, name, file -> file.truncate(pos));
      case 3 -> with(fs, name, file -> file.punchHole(pos, 1 + random.nextInt(20 * PAGE)));
      case 4 -> with(fs, name, file -> file.write(pos, new byte[9000], 0, 9000));
      case 5 -> fs.cloneRange(name, 0, other, 0, 0);
      case 6 -> fs.rename(name, other);
      default -> fs.unlink(name);
    }
  }

  private interface Use {
    void of(FsFile file);
  }

  private static void with(MountedFilesystem fs, String name, Use use) {
    try (FsFile file = fs.open(name, true)) {
      use.of(file);
    }
  }

  /** The file is closed, and may be deleted, while it is still mapped and pinned. */
  private static void useMapping(
      FsLab lab, MountedFilesystem fs, Mm mm, Random random, String name) {
    long at;
    try (FsFile file = fs.open(name, true)) {
      file.fallocate(0, FILE_BYTES, false);
      at = mm.mmap(dev.pgmap.core.fs.Files.spaceOf(file), FILE_BYTES, 0, true, true);
    }
    try {
      for (int i = 0; i < 20; i++) {
        mm.store(at + random.nextInt((int) FILE_BYTES), (byte) i);
      }
      long[] pfns = new long[64];
      int n = lab.machine.gup().pinUserPagesFast(mm, at, 64, FollFlag.WRITE, pfns, 0);
      if (n > 0) {
        lab.machine.gup().unpinUserPages(pfns, 0, n);
      }
    } finally {
      mm.munmap(at, FILE_BYTES);
    }
  }
}
