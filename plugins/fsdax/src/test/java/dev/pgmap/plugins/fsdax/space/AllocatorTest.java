package dev.pgmap.plugins.fsdax.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AllocatorTest {
  private static final long FIRST_PFN = 0x70480;

  private static Allocator of(long nrBlocks) {
    Allocator allocator = new Allocator("pmem0", FIRST_PFN);
    allocator.release(new Run(0, nrBlocks));
    return allocator;
  }

  private static boolean fitsPmd(long page, Run run) {
    return Math.floorMod(FIRST_PFN + run.block(), 512) == Math.floorMod(page, 512);
  }

  @Test
  void aFileOfTwoMebibytesLiesWhereOnePmdEntryCanMapIt() {
    Allocator allocator = of(10_000);

    List<Run> runs = allocator.allocate(0, 1024, -1);

    assertThat(runs).hasSize(1);
    assertThat(fitsPmd(0, runs.getFirst())).isTrue();
  }

  @Test
  void aFileThatGrowsByTwoMebibytesGoesOnWhereItEnded() {
    Allocator allocator = of(10_000);
    Run first = allocator.allocate(0, 512, -1).getFirst();

    Run next = allocator.allocate(512, 512, first.end()).getFirst();

    assertThat(next.block()).isEqualTo(first.end());
    assertThat(fitsPmd(512, next)).isTrue();
  }

  @Test
  void aSmallPartTakesTheFirstGapThatIsLongEnough() {
    Allocator allocator = of(10_000);
    allocator.take(new Run(0, 10));
    allocator.take(new Run(14, 10));

    assertThat(allocator.allocate(0, 4, -1)).containsExactly(new Run(10, 4));
    assertThat(allocator.allocate(0, 5, -1)).containsExactly(new Run(24, 5));
  }

  @Test
  void whatDoesNotFitInOneRunIsCutAtWholeTwoMebibytes() {
    Allocator allocator = of(128 + 3 * 512);
    long boundary = 512 - FIRST_PFN % 512;
    allocator.take(new Run(boundary + 512, 1));

    List<Run> runs = allocator.allocate(0, 1024, -1);

    assertThat(runs.stream().mapToLong(Run::nrBlocks).sum()).isEqualTo(1024);
    assertThat(runs.getFirst().nrBlocks()).isEqualTo(512);
    assertThat(fitsPmd(0, runs.getFirst())).isTrue();
  }

  @Test
  void withoutRoomNothingIsTaken() {
    Allocator allocator = of(100);

    assertThatThrownBy(() -> allocator.allocate(0, 101, -1))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
    assertThat(allocator.freeBlocks()).isEqualTo(100);
    assertThat(allocator.largestRun()).isEqualTo(100);
  }

  @Test
  void noBlockIsHandedOutTwice() {
    long seed = System.nanoTime();
    System.out.println("AllocatorTest seed " + seed);
    Random random = new Random(seed);
    Allocator allocator = of(5000);
    BitSet used = new BitSet();
    List<Run> held = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int n = random.nextInt(10) == 0 ? 1 + random.nextInt(1500) : 1 + random.nextInt(40);
      if (random.nextInt(3) == 0 && !held.isEmpty()) {
        Run freed = held.remove(random.nextInt(held.size()));
        used.clear((int) freed.block(), (int) freed.end());
        allocator.release(freed);
      } else if (n <= allocator.freeBlocks()) {
        for (Run run : allocator.allocate(random.nextInt(2000), n, random.nextInt(5000))) {
          assertThat(used.get((int) run.block(), (int) run.end()).isEmpty()).isTrue();
          used.set((int) run.block(), (int) run.end());
          held.add(run);
        }
      }
      assertThat(allocator.freeBlocks()).isEqualTo(5000 - used.cardinality());
    }
  }
}
