package dev.pgmap.core.fsdax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.EachEra;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults, pins, truncates, write-backs and unmappings of one file at once. What must hold: when a
 * block is given back, nobody holds its page.
 */
class DaxRaceTest {
  private static final long MILLIS = 400;

  private FsDaxLab lab;
  private boolean breaksLayout = true;

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  /** Blocks of {@code unit} pages, which are taken when written to and given back by punching. */
  private static final class Blocks implements IomapOps {
    private final long[] blockOf;
    private final int unit;
    private final ArrayDeque<Long> free = new ArrayDeque<>();

    Blocks(int nrUnits, int unit, int nrBlocks) {
      this.unit = unit;
      this.blockOf = new long[nrUnits];
      Arrays.fill(blockOf, -1);
      for (long block = 0; block < nrBlocks; block++) {
        free.add(block);
      }
    }

    @Override
    public synchronized Iomap begin(long pos, long length, int flags) {
      int at = (int) (pos / FsDaxLab.PAGE / unit);
      long start = (long) at * unit * FsDaxLab.PAGE;
      long bytes = unit * FsDaxLab.PAGE;
      int isNew = 0;
      if (blockOf[at] < 0 && (flags & WRITE) != 0) {
        blockOf[at] = free.remove();
        isNew = Iomap.F_NEW;
      }
      return blockOf[at] < 0
          ? new Iomap(Iomap.Type.HOLE, start, bytes, Iomap.NO_OFFSET, 0)
          : new Iomap(Iomap.Type.MAPPED, start, bytes, blockOf[at] * bytes, isNew);
    }

    /** Gives the block of a unit back, telling its first page. */
    synchronized void punch(int at, LongConsumer given) {
      if (blockOf[at] >= 0) {
        given.accept(blockOf[at] * unit);
        free.addLast(blockOf[at]);
        blockOf[at] = -1;
      }
    }

    @Override
    public long sizeBytes() {
      return blockOf.length * unit * FsDaxLab.PAGE;
    }

    @Override
    public void syncMetadata() {}
  }

  @EachEra
  void smallPages(String era) throws Exception {
    race(era, new Blocks(24, 1, 40), 24);
  }

  @EachEra
  void largePages(String era) throws Exception {
    race(era, new Blocks(4, 512, 7), 4 * 512);
  }

  /** The canary: without the break, the same threads find a held page being given back. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.12", "7.2"})
  void withoutTheBreakAHeldPageIsGivenBack(String era) {
    breaksLayout = false;
    assertThatThrownBy(() -> race(era, new Blocks(24, 1, 40), 24))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is given back");
    lab.expectWarnings();
  }

  private void race(String era, Blocks blocks, int nrPages) throws Exception {
    long seed = Crew.seed("DaxRaceTest " + era);
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(blocks);
    FsDaxLab.Mapped kept = lab.map(file, nrPages);
    AtomicBoolean over = new AtomicBoolean();
    Crew users = new Crew();
    for (int i = 0; i < 2; i++) {
      long own = seed + i;
      users.add(() -> touch(new Random(own), kept, nrPages, over));
      users.add(() -> pin(new Random(own + 10), kept, nrPages, over));
    }
    users.add(() -> mapAndUnmap(new Random(seed + 20), file, nrPages, over));
    Crew owners = new Crew();
    owners.add(() -> punch(new Random(seed + 30), file, blocks, over));
    owners.add(() -> clean(file, over));
    try {
      users.start();
      owners.start();
      Thread.sleep(MILLIS);
    } finally {
      over.set(true);
      users.join();
      // Where mappings hold references, a page that was faulted in again is waited for.
      kept.unmap();
      owners.join();
    }
    assertThat(lab.machine.vmstat().pinAcquired()).isPositive();
    FsDaxLab.truncateAll(file);
    assertThat(file.nrPages()).isZero();
  }

  private static void touch(Random random, FsDaxLab.Mapped at, int nrPages, AtomicBoolean over) {
    while (!over.get()) {
      int page = random.nextInt(nrPages);
      if (random.nextBoolean()) {
        at.write(page);
      } else {
        at.read(page);
      }
    }
  }

  private void pin(Random random, FsDaxLab.Mapped at, int nrPages, AtomicBoolean over) {
    long[] pfns = new long[4];
    while (!over.get()) {
      int n = 1 + random.nextInt(4);
      int page = random.nextInt(nrPages - n);
      boolean fast = random.nextBoolean();
      int got =
          fast
              ? lab.machine
                  .gup()
                  .pinUserPagesFast(at.task.mm(), at.address(page), n, FollFlag.WRITE, pfns, 0)
              : lab.machine
                  .gup()
                  .pinUserPages(at.task.mm(), at.address(page), n, FollFlag.WRITE, pfns, 0);
      Thread.yield();
      lab.machine.gup().unpinUserPages(pfns, 0, got);
    }
  }

  private void mapAndUnmap(Random random, DaxFile file, int nrPages, AtomicBoolean over) {
    while (!over.get()) {
      FsDaxLab.Mapped mapped = lab.map(file, nrPages);
      mapped.write(random.nextInt(nrPages));
      mapped.unmap();
    }
  }

  private void punch(Random random, DaxFile file, Blocks blocks, AtomicBoolean over) {
    while (!over.get()) {
      int at = random.nextInt(blocks.blockOf.length);
      file.lockInvalidate();
      try {
        if (breaksLayout) {
          file.breakLayout(0, Long.MAX_VALUE);
        }
        file.deleteRange((long) at * blocks.unit, blocks.unit);
        blocks.punch(at, first -> assertIdle(FsDaxLab.PFN + first, blocks.unit));
      } finally {
        file.unlockInvalidate();
      }
    }
  }

  /**
   * A walk without locks that saw the entry may still take a reference for a moment, and gives it
   * back; so a count is looked at until it is idle, which a page that is really held never is.
   */
  private void assertIdle(long first, int nrPages) {
    boolean base = lab.context.policies().layout() == LayoutRule.MAPPED_FILES;
    for (long pfn = first; pfn < first + nrPages; pfn++) {
      int idle = base ? 1 : 0;
      for (int i = 0; i < 1000 && lab.count(pfn) != idle; i++) {
        Thread.yield();
      }
      assertThat(lab.count(pfn)).as("page 0x%x is given back", pfn).isEqualTo(idle);
      assertThat(lab.mapping(pfn)).isZero();
      assertThat(lab.order(pfn)).isZero();
    }
  }

  private static void clean(DaxFile file, AtomicBoolean over) {
    while (!over.get()) {
      file.writeback(0, Long.MAX_VALUE);
      Thread.yield();
    }
  }
}
