package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.Crew;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RcuTest {
  private static final int ATTEMPTS = 5;

  private final Sync sync = new Sync(2);
  private final Rcu rcu = sync.rcu();

  @Test
  void synchronizeReturnsAtOnceWithoutReaders() {
    for (int i = 0; i < 1000; i++) {
      rcu.readUnlock(rcu.readLock());
      rcu.synchronize();
    }
  }

  @Test
  void synchronizeWaitsForAnOpenReadSection() throws Exception {
    for (int epoch = 0; epoch < 3; epoch++) {
      int token = rcu.readLock();
      AtomicBoolean returned = new AtomicBoolean();
      Crew crew =
          new Crew()
              .add(() -> {
                rcu.synchronize();
                returned.set(true);
              });
      crew.start();
      Crew.settle();
      assertThat(returned).isFalse();
      rcu.readUnlock(token);
      crew.join();
      assertThat(returned).isTrue();
    }
  }

  @Test
  void synchronizeWaitsForTheOuterSectionOfNestedOnes() throws Exception {
    int outer = rcu.readLock();
    rcu.readUnlock(rcu.readLock());
    AtomicBoolean returned = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              rcu.synchronize();
              returned.set(true);
            });
    crew.start();
    Crew.settle();
    assertThat(returned).isFalse();
    rcu.readUnlock(outer);
    crew.join();
  }

  /**
   * A reader loads the epoch, and another writer flips it before the reader is counted: then the
   * reader is in the bank that new readers no longer use. The flip in between is made by hand.
   */
  @Test
  void synchronizeWaitsForAReaderThatWasDelayedBeforeItWasCounted() throws Exception {
    Field field = Rcu.class.getDeclaredField("epoch");
    field.setAccessible(true);
    AtomicInteger epoch = (AtomicInteger) field.get(rcu);
    int token = rcu.readLock();
    epoch.incrementAndGet();
    AtomicBoolean returned = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              rcu.synchronize();
              returned.set(true);
            });
    crew.start();
    Crew.settle();
    assertThat(returned).isFalse();
    rcu.readUnlock(token);
    crew.join();
  }

  /** A later section may be taken for an earlier one if the writer is slow to start; so retry. */
  @Test
  void synchronizeDoesNotWaitForALaterReadSection() throws Exception {
    boolean returned = false;
    for (int attempt = 0; attempt < ATTEMPTS && !returned; attempt++) {
      int earlier = rcu.readLock();
      Crew crew = new Crew().add(rcu::synchronize).start();
      Crew.settle();
      int later = rcu.readLock();
      rcu.readUnlock(earlier);
      returned = crew.endsWithin(500);
      rcu.readUnlock(later);
      crew.join();
    }
    assertThat(returned).as("synchronize returned while a later section was open").isTrue();
  }

  @Test
  void aSectionMayEndOnAnotherThread() throws Exception {
    int token = rcu.readLock();
    new Crew().add(() -> rcu.readUnlock(token)).runAll();
    rcu.synchronize();
  }

  @Test
  void readersNeverSeeARetiredObject() throws Exception {
    long seed = Crew.seed("RcuTest.readersNeverSeeARetiredObject");
    AtomicReference<Published> current = new AtomicReference<>(new Published());
    AtomicBoolean stop = new AtomicBoolean();
    Crew crew = new Crew();
    for (int reader = 0; reader < 3; reader++) {
      RandomGenerator random = generator(seed + reader);
      crew.add(() -> {
        while (!stop.get()) {
          readOnce(current, random);
        }
      });
    }
    for (int writer = 0; writer < 2; writer++) {
      RandomGenerator random = generator(seed - 1 - writer);
      crew.add(() -> {
        for (int i = 0; i < 3000 && !crew.hasFailed(); i++) {
          Published old = current.getAndSet(new Published());
          pause(random);
          rcu.synchronize();
          old.retired = true;
        }
        stop.set(true);
      });
    }
    crew.runAll();
  }

  private void readOnce(AtomicReference<Published> current, RandomGenerator random) {
    int token = rcu.readLock();
    Published seen = current.get();
    for (int look = random.nextInt(20); look >= 0; look--) {
      assertThat(seen.retired).as("a reader saw a retired object").isFalse();
      pause(random);
    }
    rcu.readUnlock(token);
  }

  private static void pause(RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      Thread.yield();
    }
  }

  private static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static final class Published {
    private volatile boolean retired;
  }
}
