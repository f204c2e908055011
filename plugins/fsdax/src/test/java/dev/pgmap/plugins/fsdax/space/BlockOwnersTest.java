package dev.pgmap.plugins.fsdax.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockOwnersTest {
  private static final int BLOCKS = 200;

  private final BlockOwners owners = new BlockOwners();

  @Test
  void aBlockOfTwoFilesIsFreeOnlyWhenBothLetItGo() {
    owners.add(new Run(10, 4), new Owner(1, 0));
    owners.add(new Run(12, 4), new Owner(2, 7));

    assertThat(owners.countOf(11)).isEqualTo(1);
    assertThat(owners.countOf(12)).isEqualTo(2);
    assertThat(owners.remove(new Run(10, 4), new Owner(1, 0))).containsExactly(new Run(10, 2));
    assertThat(owners.remove(new Run(12, 4), new Owner(2, 7)))
        .containsExactly(new Run(12, 2), new Run(14, 2));
    assertThat(owners.within(new Run(0, BLOCKS))).isEmpty();
  }

  @Test
  void tellsTheFilePageOfEachOwnerOfABlock() {
    owners.add(new Run(10, 4), new Owner(1, 0));
    owners.add(new Run(12, 4), new Owner(2, 7));

    assertThat(owners.within(new Run(13, 1)).getFirst().owners())
        .containsExactlyInAnyOrder(new Owner(1, 3), new Owner(2, 8));
  }

  @Test
  void whoDoesNotHaveABlockCannotLetItGo() {
    owners.add(new Run(10, 4), new Owner(1, 0));

    assertThatThrownBy(() -> owners.remove(new Run(10, 5), new Owner(1, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> owners.remove(new Run(10, 1), new Owner(1, 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void agreesWithACountPerBlock() {
    long seed = System.nanoTime();
    System.out.println("BlockOwnersTest seed " + seed);
    Random random = new Random(seed);
    int[] counts = new int[BLOCKS];
    record Held(Run run, Owner owner) {}
    List<Held> held = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      if (random.nextBoolean() || held.isEmpty()) {
        int at = random.nextInt(BLOCKS - 20);
        Held added = new Held(new Run(at, 1 + random.nextInt(20)), new Owner(i, i));
        owners.add(added.run(), added.owner());
        held.add(added);
        change(counts, added.run(), 1);
      } else {
        Held gone = held.remove(random.nextInt(held.size()));
        List<Run> freed = owners.remove(gone.run(), gone.owner());
        change(counts, gone.run(), -1);
        for (long b = gone.run().block(); b < gone.run().end(); b++) {
          long block = b;
          boolean isFreed =
              freed.stream().anyMatch(run -> block >= run.block() && block < run.end());
          assertThat(isFreed).isEqualTo(counts[(int) b] == 0);
        }
      }
      for (int b = 0; b < BLOCKS; b++) {
        assertThat(owners.countOf(b)).isEqualTo(counts[b]);
      }
    }
  }

  private static void change(int[] counts, Run run, int by) {
    for (long b = run.block(); b < run.end(); b++) {
      counts[(int) b] += by;
    }
  }
}
