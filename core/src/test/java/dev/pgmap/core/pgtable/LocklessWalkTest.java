package dev.pgmap.core.pgtable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.sync.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Walkers without locks against someone who maps, clears, frees tables and reuses the frames.
 *
 * <p>Every frame has a state word. The owner makes a frame live before it maps it, and dead after
 * it cleared the leaf and waited for the grace period: a walker that reaches a dead frame and still
 * finds its entry in place has found a use after free.
 */
class LocklessWalkTest {
  private static final int NR_BLOCKS = 4;
  private static final int PAGES_PER_BLOCK = 512;
  private static final long BASE = 0x7e00_0000_0000L;
  private static final int ROUNDS = 3_000;

  private final Sync sync = new Sync(4);
  private final PageTables tables = new PageTables(Geometry.x86(4));
  private final AtomicIntegerArray live = new AtomicIntegerArray(NR_BLOCKS * PAGES_PER_BLOCK);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong hits = new AtomicLong();

  @Test
  void noWalkerReachesAFrameAfterTheGracePeriod() throws Exception {
    runWalkersAgainstOwner(true);
    assertThat(hits.get()).as("pages that walkers reached").isPositive();
  }

  @Test
  void theCheckerSeesAnOwnerThatDoesNotWait() throws Exception {
    boolean caught = false;
    for (int attempt = 0; attempt < 20 && !caught; attempt++) {
      try {
        stop.set(false);
        runWalkersAgainstOwner(false);
      } catch (java.util.concurrent.ExecutionException e) {
        caught = e.getCause() instanceof AssertionError;
      }
    }
    assertThat(caught).as("canary: frames reused without a grace period are noticed").isTrue();
  }

  private void runWalkersAgainstOwner(boolean waits) throws Exception {
    long seed = System.nanoTime();
    System.out.println("LocklessWalkTest seed " + seed);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> walkers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        walkers.add(threads.submit(() -> walkUntilStopped(random)));
      }
      try {
        mapAndUnmap(new SplittableRandom(seed - 1), waits);
      } finally {
        stop.set(true);
      }
      for (Future<?> walker : walkers) {
        walker.get();
      }
    }
  }

  private void mapAndUnmap(SplittableRandom random, boolean waits) {
    for (int round = 0; round < ROUNDS; round++) {
      int block = random.nextInt(NR_BLOCKS);
      long at = BASE + ((long) block << 21);
      map(at, block, random.nextBoolean());
      tables.clearRange(at, at + (2 << 20), (address, level, entry) -> {});
      tables.freeEmptyTables(at, at + (2 << 20));
      if (waits) {
        sync.rcu().synchronize();
      }
      for (int i = 0; i < PAGES_PER_BLOCK; i++) {
        live.set(block * PAGES_PER_BLOCK + i, 0);
      }
    }
  }

  private void map(long at, int block, boolean huge) {
    for (int i = 0; i < PAGES_PER_BLOCK; i++) {
      live.set(block * PAGES_PER_BLOCK + i, 1);
    }
    long bits = Pte.PRESENT | Pte.USER;
    long pfn = (long) block * PAGES_PER_BLOCK;
    tables.lock();
    try {
      if (huge) {
        tables.insertLeaf(at, Geometry.PMD, Pte.of(pfn, bits | Pte.PSE));
      } else {
        for (int i = 0; i < PAGES_PER_BLOCK; i++) {
          tables.insertLeaf(at + 4096L * i, Geometry.PTE, Pte.of(pfn + i, bits));
        }
      }
    } finally {
      tables.unlock();
    }
  }

  private void walkUntilStopped(SplittableRandom random) {
    long found = 0;
    while (!stop.get()) {
      int page = random.nextInt(NR_BLOCKS * PAGES_PER_BLOCK);
      int token = sync.rcu().readLock();
      try {
        found += look(page);
      } finally {
        sync.rcu().readUnlock(token);
      }
    }
    hits.addAndGet(found);
  }

  private int look(int page) {
    long address = BASE + 4096L * page;
    PageTable table = tables.lowestTable(address);
    int index = table.index(address);
    long entry = table.loadAcquire(index);
    if (!Pte.isLeaf(entry, table.level())) {
      return 0;
    }
    long pfn = Pte.pfn(entry) + ((address - table.blockStart(address)) >>> 12);
    assertThat(pfn).isEqualTo(page);
    // The read section is open: whoever cleared the entry since has not reused the frame yet.
    for (int i = 0; i < 20; i++) {
      if (live.get(page) != 1) {
        throw new AssertionError("frame 0x%x is dead but was reachable".formatted(pfn));
      }
    }
    return 1;
  }
}
