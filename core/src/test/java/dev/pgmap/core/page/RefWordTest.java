package dev.pgmap.core.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.Crew;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefWordTest {
  private static final int MAX_USERS = (1 << 30) - 1;

  @Test
  void aWordIsItsUsersAndItsBase() {
    Random random = new Random(Crew.seed("RefWordTest.aWordIsItsUsersAndItsBase"));
    for (int i = 0; i < 100_000; i++) {
      int users = random.nextInt(MAX_USERS + 1);
      boolean base = random.nextBoolean();
      int word = RefWord.of(base, users);
      assertThat(RefWord.users(word)).isEqualTo(users);
      assertThat(RefWord.hasBase(word)).isEqualTo(base);
      assertThat(RefWord.raw(word)).isEqualTo(users + (base ? 1 : 0));
      assertThat(RefWord.isIdle(word)).isEqualTo(users == 0);
      assertThat(word).as("range of users").isNotNegative();
    }
  }

  @Test
  void anyWordIsMadeOfItsParts() {
    Random random = new Random(Crew.seed("RefWordTest.anyWordIsMadeOfItsParts"));
    for (int i = 0; i < 100_000; i++) {
      int word = random.nextInt();
      assertThat(RefWord.of(RefWord.hasBase(word), RefWord.users(word))).isEqualTo(word);
      assertThat(RefWord.users(word + RefWord.USER))
          .isEqualTo(RefWord.users(word) == MAX_USERS ? -MAX_USERS - 1 : RefWord.users(word) + 1);
      assertThat(RefWord.hasBase(word + RefWord.USER)).isEqualTo(RefWord.hasBase(word));
    }
  }

  @Test
  void theLimitsOfARange() {
    assertThat(RefWord.raw(RefWord.of(true, MAX_USERS))).isEqualTo(1 << 30);
    assertThat(RefWord.users(RefWord.of(true, -1))).isEqualTo(-1);
    assertThat(MAX_USERS / RefWord.PIN_BIAS).as("pins of a base page").isEqualTo(1_048_575);
    assertThat(RefWord.isIdle(RefWord.of(true, -1))).isFalse();
  }

  /** The kernel's plain counter, free at 0 or at 1, beside the word. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gettingAndPuttingAgreesWithAPlainCounter(boolean base) {
    long seed = Crew.seed("RefWordTest.gettingAndPutting " + base);
    Random random = new Random(seed);
    int word = RefWord.of(base, 0);
    int count = base ? 1 : 0;
    for (int i = 0; i < 100_000; i++) {
      int n = 1 + random.nextInt(3);
      boolean get = random.nextBoolean();
      int idle = base ? 1 : 0;
      if (get && count == 0) {
        assertThat(word).as("a get from free is refused by the word being zero").isZero();
      } else if (get) {
        assertThat(word).isPositive();
        word += n * RefWord.USER;
        count += n;
      } else if (count - n >= idle) {
        word -= n * RefWord.USER;
        count -= n;
        assertThat(word == 0).as("final put").isEqualTo(count == 0);
      } else if (!base && random.nextInt(4) == 0) {
        word = RefWord.of(false, 1);
        count = 1;
      }
      assertThat(RefWord.raw(word)).as("seed %d step %d", seed, i).isEqualTo(count);
      assertThat(RefWord.isIdle(word)).isEqualTo(count == idle);
    }
  }
}
