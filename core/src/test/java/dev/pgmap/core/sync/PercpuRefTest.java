package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.Crew;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PercpuRefTest {
  private final Sync sync = new Sync(2);
  private final AtomicInteger releases = new AtomicInteger();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final PercpuRef ref = new PercpuRef(sync, releases::incrementAndGet, warnings::add);

  @Test
  void killReleasesAtOnceWhenNobodyHoldsIt() {
    assertThat(ref.count()).isEqualTo(1);
    ref.kill();
    assertThat(releases).hasValue(1);
    assertThat(ref.count()).isZero();
    assertThat(ref.isDying()).isTrue();
    assertThat(warnings).isEmpty();
  }

  @Test
  void releaseComesWithTheLastPutAfterKill() {
    ref.get(3);
    assertThat(ref.tryGetLive()).isTrue();
    ref.kill();
    assertThat(releases).hasValue(0);
    assertThat(ref.count()).isEqualTo(4);
    ref.put(3);
    assertThat(releases).hasValue(0);
    ref.put(1);
    assertThat(releases).hasValue(1);
    assertThat(warnings).isEmpty();
  }

  @Test
  void putToZeroBeforeKillDoesNotRelease() {
    ref.get(2);
    ref.put(2);
    assertThat(ref.count()).isEqualTo(1);
    assertThat(releases).hasValue(0);
  }

  @Test
  void putOnAnotherCpuThanItsGetBalances() throws Exception {
    for (int i = 0; i < 4; i++) {
      new Crew().add(() -> ref.get(5)).runAll();
      new Crew().add(() -> ref.put(5)).runAll();
    }
    assertThat(ref.count()).isEqualTo(1);
    ref.kill();
    assertThat(releases).hasValue(1);
    assertThat(warnings).isEmpty();
  }

  @Test
  void tryGetLiveFailsAfterKillEvenWhileOthersHoldIt() {
    ref.get(1);
    ref.kill();
    assertThat(ref.tryGetLive()).isFalse();
    assertThat(ref.count()).isEqualTo(1);
  }

  @Test
  void getStillWorksAfterKillForWhoHoldsOne() {
    ref.get(1);
    ref.kill();
    ref.get(1);
    ref.put(1);
    assertThat(releases).hasValue(0);
    ref.put(1);
    assertThat(releases).hasValue(1);
  }

  /** A cpu that still sees per-cpu mode may be about to count; the counters are folded after it. */
  @Test
  void killWaitsForWhoMayStillSeePerCpuMode() throws Exception {
    int token = sync.rcu().readLock();
    AtomicBoolean killed = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              ref.kill();
              killed.set(true);
            });
    crew.start();
    while (!ref.isDying()) {
      Thread.yield();
    }
    Crew.settle();
    assertThat(killed).isFalse();
    assertThat(releases).hasValue(0);
    assertThat(ref.tryGetLive()).isFalse();
    sync.rcu().readUnlock(token);
    crew.join();
    assertThat(releases).hasValue(1);
  }

  @Test
  void secondKillWarnsAndDropsNothing() {
    ref.get(1);
    ref.kill();
    ref.kill();
    assertThat(warnings).containsExactly("percpu_ref_kill_and_confirm called more than once");
    assertThat(ref.count()).isEqualTo(1);
    assertThat(releases).hasValue(0);
  }

  @Test
  void putWithoutGetBeforeKillIsReportedByTheSwitch() {
    ref.put(1);
    ref.kill();
    assertThat(warnings.getFirst()).isEqualTo("percpu ref <= 0 (0) after switching to atomic");
    assertThat(releases).hasValue(1);
  }

  @Test
  void putWithoutGetAfterKillIsReportedAtThePut() {
    ref.kill();
    ref.put(1);
    assertThat(warnings).containsExactly("percpu ref <= 0 (-1): a put without a get");
    assertThat(releases).hasValue(1);
  }

  @Test
  void tryGetAfterExitIsReported() {
    ref.kill();
    ref.exit();
    assertThat(ref.tryGetLive()).isFalse();
    assertThat(warnings).containsExactly("percpu ref: tryget after exit");
  }

  @Test
  void holdersThatComeAndGoWhileItIsKilledAreAllWaitedFor() throws Exception {
    long seed = Crew.seed("PercpuRefTest.holdersThatComeAndGo");
    for (int round = 0; round < 300; round++) {
      killAmongHolders(seed + round);
    }
  }

  private void killAmongHolders(long seed) throws Exception {
    AtomicLong holders = new AtomicLong();
    AtomicLong heldAtRelease = new AtomicLong(-1);
    AtomicInteger released = new AtomicInteger();
    PercpuRef shared =
        new PercpuRef(
            sync,
            () -> {
              heldAtRelease.set(holders.get());
              released.incrementAndGet();
            },
            warnings::add);
    Crew crew = new Crew();
    for (int i = 0; i < 3; i++) {
      Random random = new Random(seed * 31 + i);
      crew.add(() -> {
        while (shared.tryGetLive()) {
          holders.incrementAndGet();
          assertThat(released).hasValue(0);
          int more = random.nextInt(4);
          shared.get(more);
          Thread.yield();
          shared.put(more);
          holders.decrementAndGet();
          shared.put(1);
        }
        assertThat(shared.tryGetLive()).isFalse();
      });
    }
    Random random = new Random(seed);
    crew.add(() -> {
      for (int spin = random.nextInt(2000); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      shared.kill();
    });
    crew.runAll();
    assertThat(released).as("seed %d", seed).hasValue(1);
    assertThat(heldAtRelease).as("seed %d", seed).hasValue(0);
    assertThat(warnings).as("seed %d", seed).isEmpty();
  }
}
