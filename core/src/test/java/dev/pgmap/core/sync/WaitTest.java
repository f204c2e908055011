package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.Crew;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitTest {
  private static final int ROUNDS = 20_000;

  @Test
  void noWakeUpIsLostBetweenTwoThatPlayPingPong() throws Exception {
    WaitQueue queue = new WaitQueue();
    AtomicInteger turn = new AtomicInteger();
    Crew crew = new Crew();
    for (int parity = 0; parity < 2; parity++) {
      int mine = parity;
      crew.add(() -> {
        for (int i = 0; i < ROUNDS; i++) {
          queue.await(() -> turn.get() % 2 == mine);
          turn.incrementAndGet();
          queue.wakeAll();
        }
      });
    }
    crew.runAll();
    assertThat(turn).hasValue(2 * ROUNDS);
  }

  @Test
  void everyWaiterIsWoken() throws Exception {
    WaitQueue queue = new WaitQueue();
    AtomicInteger arrived = new AtomicInteger();
    AtomicBoolean open = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(
                8,
                () -> {
                  arrived.incrementAndGet();
                  queue.await(open::get);
                });
    crew.start();
    while (arrived.get() < 8) {
      Thread.onSpinWait();
    }
    open.set(true);
    queue.wakeAll();
    crew.join();
  }

  @Test
  void aWakeUpWithoutTheConditionPutsTheWaiterBackToSleep() throws Exception {
    WaitQueue queue = new WaitQueue();
    AtomicBoolean open = new AtomicBoolean();
    AtomicBoolean through = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              queue.await(open::get);
              through.set(true);
            });
    crew.start();
    for (int i = 0; i < 100; i++) {
      queue.wakeAll();
    }
    Crew.settle();
    assertThat(through).isFalse();
    open.set(true);
    queue.wakeAll();
    crew.join();
  }

  @Test
  void aConditionThatHoldsNeedsNoWakeUp() {
    new WaitQueue().await(() -> true);
    assertThat(new WaitQueue().awaitInterruptibly(() -> true)).isTrue();
  }

  @Test
  void anInterruptEndsOnlyTheInterruptibleWait() throws Exception {
    WaitQueue queue = new WaitQueue();
    new Crew()
        .add(() -> {
          Thread.currentThread().interrupt();
          assertThat(queue.awaitInterruptibly(() -> false)).isFalse();
          assertThat(Thread.currentThread().isInterrupted()).as("interrupt consumed").isFalse();
        })
        .runAll();
    AtomicBoolean open = new AtomicBoolean();
    Crew uninterruptible =
        new Crew()
            .add(() -> {
              Thread.currentThread().interrupt();
              queue.await(open::get);
              assertThat(open).isTrue();
              assertThat(Thread.currentThread().isInterrupted()).as("interrupt kept").isTrue();
            });
    uninterruptible.start();
    Crew.settle();
    open.set(true);
    queue.wakeAll();
    uninterruptible.join();
  }

  @Test
  void aCompletionIsSeenByEarlyAndLateWaiters() throws Exception {
    for (int round = 0; round < 300; round++) {
      Completion completion = new Completion();
      int[] payload = new int[1];
      Crew crew =
          new Crew()
              .add(
                  3,
                  () -> {
                    completion.await();
                    assertThat(payload[0]).isEqualTo(42);
                  })
              .add(() -> {
                payload[0] = 42;
                completion.complete();
              });
      crew.runAll();
      assertThat(completion.isDone()).isTrue();
      completion.await();
      completion.complete();
    }
  }

  @Test
  void aCompletionIsAwaitedUninterruptibly() throws Exception {
    Completion completion = new Completion();
    assertThat(completion.isDone()).isFalse();
    Crew crew =
        new Crew()
            .add(() -> {
              Thread.currentThread().interrupt();
              completion.await();
              assertThat(completion.isDone()).isTrue();
              assertThat(Thread.currentThread().isInterrupted()).as("interrupt kept").isTrue();
            });
    crew.start();
    Crew.settle();
    completion.complete();
    crew.join();
  }

  @Test
  void theCurrentTaskIsTheOneThatRuns() {
    Sync sync = new Sync(2);
    assertThat(sync.currentTask()).isEqualTo("kernel");
    sync.runAs(
        "gup_test",
        104,
        () -> {
          assertThat(sync.currentTask()).isEqualTo("gup_test[104]");
          assertThat(new Sync(1).currentTask()).as("another machine").isEqualTo("kernel");
        });
    assertThat(sync.currentTask()).isEqualTo("kernel");
  }
}
