package dev.pgmap.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.testing.Crew;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LocksTest {
  private static final int ROUNDS = 20_000;

  private int counter;

  @Test
  void mutexIsNotRecursive() {
    Mutex mutex = new Mutex();
    mutex.lock();
    assertThat(mutex.isHeld()).isTrue();
    assertThatIllegalStateException().isThrownBy(mutex::lock);
    mutex.unlock();
    assertThat(mutex.isHeld()).isFalse();
  }

  @Test
  void mutexIsUnlockedOnlyByItsHolder() throws Exception {
    Mutex mutex = new Mutex();
    mutex.lock();
    new Crew()
        .add(() -> {
          assertThat(mutex.isHeld()).isFalse();
          assertThatThrownBy(mutex::unlock).isInstanceOf(IllegalMonitorStateException.class);
        })
        .runAll();
    mutex.unlock();
  }

  @Test
  void mutexKeepsOthersOut() throws Exception {
    Mutex mutex = new Mutex();
    new Crew()
        .add(
            4,
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                mutex.lock();
                counter++;
                mutex.unlock();
              }
            })
        .runAll();
    assertThat(counter).isEqualTo(4 * ROUNDS);
  }

  @Test
  void spinLockKeepsOthersOut() throws Exception {
    SpinLock lock = new SpinLock();
    new Crew()
        .add(
            4,
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                lock.lock();
                counter++;
                lock.unlock();
              }
            })
        .runAll();
    assertThat(counter).isEqualTo(4 * ROUNDS);
  }

  @Test
  void spinLockIsNotRecursive() throws Exception {
    SpinLock lock = new SpinLock();
    lock.lock();
    AtomicBoolean got = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              lock.lock();
              got.set(true);
              lock.unlock();
            });
    crew.start();
    Crew.settle();
    assertThat(got).isFalse();
    lock.unlock();
    crew.join();
    assertThat(got).isTrue();
  }

  @Test
  void unlockingAFreeSpinLockIsAnError() {
    assertThatIllegalStateException().isThrownBy(new SpinLock()::unlock);
  }

  @Test
  void readersShareAndWritersAreAlone() throws Exception {
    RwSemaphore semaphore = new RwSemaphore();
    AtomicInteger readers = new AtomicInteger();
    AtomicInteger writers = new AtomicInteger();
    new Crew()
        .add(
            3,
            () -> {
              for (int i = 0; i < 5000; i++) {
                semaphore.lockRead();
                readers.incrementAndGet();
                assertThat(writers).hasValue(0);
                readers.decrementAndGet();
                semaphore.unlockRead();
              }
            })
        .add(
            2,
            () -> {
              for (int i = 0; i < 1000; i++) {
                semaphore.lockWrite();
                assertThat(writers.incrementAndGet()).isEqualTo(1);
                assertThat(readers).hasValue(0);
                writers.decrementAndGet();
                semaphore.unlockWrite();
              }
            })
        .runAll();
  }

  @Test
  void aWriterGetsInAmongReadersThatComeBackAtOnce() throws Exception {
    RwSemaphore semaphore = new RwSemaphore();
    AtomicBoolean written = new AtomicBoolean();
    AtomicInteger readers = new AtomicInteger();
    new Crew()
        .add(
            4,
            () -> {
              while (!written.get()) {
                semaphore.lockRead();
                readers.incrementAndGet();
                Thread.yield();
                readers.decrementAndGet();
                semaphore.unlockRead();
              }
            })
        .add(() -> {
          while (readers.get() == 0) {
            Thread.onSpinWait();
          }
          semaphore.lockWrite();
          written.set(true);
          semaphore.unlockWrite();
        })
        .runAll();
    assertThat(written).isTrue();
  }
}
