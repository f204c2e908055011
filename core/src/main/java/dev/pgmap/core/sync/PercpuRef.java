package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A reference count that is cheap while nobody waits for it, {@code struct percpu_ref}.
 *
 * <p>It begins in per-cpu mode: get and put add to a counter of the calling cpu, and nobody can
 * tell whether the sum is zero. {@link #kill} marks it dead, waits for a grace period so that every
 * cpu has seen that, folds the counters into one atomic count and drops the initial reference; from
 * then on the put that reaches zero calls the release function. The bias keeps the atomic count
 * away from zero until the fold is complete.
 *
 * <p>Assumptions: each put has a get before it; kill is called once. Guarantees: release runs
 * exactly once, after the last put, and must not block. {@link #tryGetLive} fails for certain once
 * kill has returned; while kill runs, a cpu that still saw per-cpu mode may succeed, and is counted
 * (kernel-documented behaviour). The kernel switches modes asynchronously after a grace period;
 * here kill waits for it.
 */
public final class PercpuRef {
  private static final long BIAS = 1L << 62;
  private static final int PERCPU = 0;
  private static final int ATOMIC_DEAD = 1;
  private static final int EXITED = 2;

  private final Sync sync;
  private final PaddedCounters percpu;
  private final AtomicLong count = new AtomicLong(BIAS + 1);
  private final Runnable release;
  private final Consumer<String> warn;
  private final Mutex switching = new Mutex();
  private volatile int mode = PERCPU;

  /**
   * A live reference with a count of one ({@code percpu_ref_init}).
   *
   * @param release called once when the count reaches zero; must not block
   * @param warn receives the text of what the kernel would WARN about
   */
  public PercpuRef(Sync sync, Runnable release, Consumer<String> warn) {
    this.sync = sync;
    this.percpu = new PaddedCounters(sync.nrCpus());
    this.release = release;
    this.warn = warn;
  }

  /** Takes {@code n} references; the caller knows that the count is not zero. */
  public void get(long n) {
    int token = sync.rcu().readLock();
    if (mode == PERCPU) {
      percpu.add(sync.cpu(), n);
    } else {
      count.getAndAdd(n);
    }
    sync.rcu().readUnlock(token);
  }

  /** Drops {@code n} references; calls the release function if none is left. */
  public void put(long n) {
    int token = sync.rcu().readLock();
    boolean last = false;
    if (mode == PERCPU) {
      percpu.add(sync.cpu(), -n);
    } else {
      last = putAtomic(n);
    }
    sync.rcu().readUnlock(token);
    if (last) {
      release.run();
    }
  }

  /** Takes one reference unless the reference is dead ({@code percpu_ref_tryget_live}). */
  public boolean tryGetLive() {
    return tryGetLive(1);
  }

  /** Takes {@code n} references unless the reference is dead. */
  public boolean tryGetLive(long n) {
    int token = sync.rcu().readLock();
    boolean live = mode == PERCPU;
    if (live) {
      percpu.add(sync.cpu(), n);
    } else if (mode == EXITED) {
      warn.accept("percpu ref: tryget after exit");
    }
    sync.rcu().readUnlock(token);
    return live;
  }

  /** Marks it dead, switches to one atomic count and drops the initial reference. */
  public void kill() {
    switching.lock();
    try {
      if (mode != PERCPU) {
        warn.accept("percpu_ref_kill_and_confirm called more than once");
        return;
      }
      count.incrementAndGet();
      mode = ATOMIC_DEAD;
      sync.rcu().synchronize();
      long folded = count.addAndGet(percpu.sum() - BIAS);
      if (folded <= 1) {
        warn.accept("percpu ref <= 0 (" + (folded - 1) + ") after switching to atomic");
      }
    } finally {
      switching.unlock();
    }
    boolean last = putAtomic(1);
    last |= putAtomic(1);
    if (last) {
      release.run();
    }
  }

  private boolean putAtomic(long n) {
    long left = count.addAndGet(-n);
    if (left < 0) {
      warn.accept("percpu ref <= 0 (" + left + "): a put without a get");
    }
    return left == 0;
  }

  /** Gives up the counters ({@code percpu_ref_exit}); a lookup afterwards is an error. */
  public void exit() {
    mode = EXITED;
  }

  /** Whether {@link #kill} was called. */
  public boolean isDying() {
    return mode != PERCPU;
  }

  /** References now held; exact only while nobody gets or puts. */
  public long count() {
    long atomic = count.get();
    return mode == PERCPU ? atomic - BIAS + percpu.sum() : atomic;
  }
}
