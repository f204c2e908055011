package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.testing.Crew;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClockTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Clock clock = new Clock();
  private final List<String> woken = new CopyOnWriteArrayList<>();
  private final List<Thread> sleepers = new CopyOnWriteArrayList<>();

  private Crew.Work sleeper(String name, long nanos) {
    return () -> {
      sleepers.add(Thread.currentThread());
      try {
        clock.sleepNanos(nanos);
        woken.add(name);
      } catch (InterruptedException e) {
        woken.add(name + " interrupted");
      }
    };
  }

  @Test
  void sleepersWakeInTheOrderOfTheirTimesWhenTheClockIsMovedOn() throws InterruptedException {
    Crew crew = new Crew();
    crew.add(sleeper("late", 2 * HOUR)).add(sleeper("early", HOUR)).start();
    while (sleepers.size() < 2 || !sleepers.stream().allMatch(ClockTest::isAsleep)) {
      Thread.onSpinWait();
    }
    while (woken.isEmpty()) {
      clock.skipToNextWakeup();
      Crew.settle();
    }
    assertThat(woken.getFirst()).isEqualTo("early");
    assertThat(clock.nanos()).isBetween(HOUR, 3 * HOUR);
    while (woken.size() < 2) {
      clock.skipToNextWakeup();
      Crew.settle();
    }
    crew.join();
    assertThat(clock.nanos()).isGreaterThanOrEqualTo(2 * HOUR);
  }

  private static boolean isAsleep(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void theClockIsNotMovedWhereNobodySleeps() throws InterruptedException {
    assertThat(clock.skipToNextWakeup()).isZero();
    clock.sleepNanos(0);
    clock.sleepNanos(1_000);
    assertThat(clock.skipToNextWakeup()).isZero();
    assertThat(clock.nanos()).isLessThan(HOUR);
  }

  @Test
  void aSleeperCanBeInterruptedAndIsForgotten() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> clock.sleepNanos(HOUR)).isInstanceOf(InterruptedException.class);
    assertThat(clock.skipToNextWakeup()).isZero();
  }
}
