package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RunningTasksTest {
  /** More than there are places in the table, so that threads share them. */
  private static final int NR_THREADS = 1_000;

  private static final int ROUNDS = 200;

  private final Sync sync = new Sync(2);

  private void check(String comm, int depth) {
    CurrentTask before = Sync.current();
    sync.runAs(
        comm,
        depth,
        () -> {
          CurrentTask inside = Sync.current();
          assertThat(inside).isNotNull();
          assertThat(inside.label()).isEqualTo(comm + "[" + depth + "]");
          Thread.yield();
          if (depth > 0) {
            check(comm, depth - 1);
          }
          assertThat(Sync.current()).isSameAs(inside);
        });
    assertThat(Sync.current()).isSameAs(before);
  }

  @Test
  void eachThreadRunsAsItsOwnTaskHoweverManyThereAre() throws Exception {
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < NR_THREADS; i++) {
        String comm = "task" + i;
        ends.add(
            threads.submit(() -> {
              for (int round = 0; round < ROUNDS; round++) {
                check(comm, 3);
              }
            }));
      }
    }
    for (Future<?> end : ends) {
      end.get();
    }
  }
}
