package dev.pgmap.trace.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackDepotTest {
  private static long[] expected(int... innermostFirst) {
    long[] words = new long[8];
    for (int i = 0; i < innermostFirst.length; i++) {
      words[i] = Functions.address(innermostFirst[i]);
    }
    words[innermostFirst.length] = StackDepot.END;
    return words;
  }

  @Test
  void aStackIsKeptOnceInnermostFirst() {
    StackDepot depot = new StackDepot();

    long[] words = depot.words(77, new int[] {3, 5, 9}, 2);

    assertThat(words).isEqualTo(expected(5, 3));
    assertThat(depot.words(77, new int[] {3, 5}, 2)).isSameAs(words);
  }

  @Test
  void stacksWithTheSameHashAreKeptApart() {
    StackDepot depot = new StackDepot();

    long[] first = depot.words(1, new int[] {1, 2}, 2);
    long[] second = depot.words(1, new int[] {1, 3}, 2);

    assertThat(depot.words(1, new int[] {1, 2}, 2)).isSameAs(first);
    assertThat(depot.words(1, new int[] {1, 3}, 2)).isSameAs(second).isEqualTo(expected(3, 1));
  }

  @Test
  void allAreStillThereWhenItHasGrown() {
    StackDepot depot = new StackDepot();
    List<long[]> words = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      words.add(depot.words(i / 2, new int[] {i}, 1));
    }

    for (int i = 0; i < 2_000; i++) {
      assertThat(depot.words(i / 2, new int[] {i}, 1)).isSameAs(words.get(i));
    }
  }
}
