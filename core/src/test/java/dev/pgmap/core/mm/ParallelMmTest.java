package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.Pte;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Several threads in one mm. */
class ParallelMmTest {
  private static final int NR_THREADS = 4;

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void inParallel(int nrThreads, Work work) throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      CyclicBarrier start = new CyclicBarrier(nrThreads);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < nrThreads; i++) {
        int thread = i;
        running.add(
            threads.submit(() -> {
              start.await();
              work.run(thread);
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  @Test
  void threadsThatFaultTheSamePagesMapEachOnce() throws Exception {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
        TestDevice device = lab.device(16 * MIB, align);
        Task task = lab.task();
        long at = task.mm().mmap(device.space, 16 * MIB, 0, true, true);
        long anon = task.mm().mmap(null, 4 * MIB, 0, false, true);
        inParallel(
            NR_THREADS,
            i -> {
              task.mm().touch(at, 16 * MIB, (byte) 0);
              task.mm().touch(anon, 4 * MIB, (byte) i);
            });
        for (long pgoff = 0; pgoff < 16 * MIB >> 12; pgoff += align >> 12) {
          assertThat(lab.count(device.pfn(pgoff))).isEqualTo(2);
        }
        task.exit();
        lab.pagemaps.memunmap(device.pgmap);
        lab.assertNothingLeft();
      }
    }
  }

  @Test
  void storesThatRaceWithUnmappingReachThePageOrSignal() throws Exception {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      Mm mm = lab.task().mm();
      AtomicBoolean stop = new AtomicBoolean();
      inParallel(
          3,
          i -> {
            if (i == 0) {
              mapAndUnmap(mm);
              stop.set(true);
            } else {
              storeAround(mm, stop);
            }
          });
      mm.vmas().forEach(vma -> mm.munmap(vma.start(), vma.end() - vma.start()));
      lab.assertNothingLeft();
      long pfn = lab.ram.allocPages(lab.ram.freePages() / 2, 1);
      for (long p = pfn; p < pfn + 1000; p++) {
        assertThat(lab.memory.isAllZero(p)).as("no late store into a freed frame").isTrue();
      }
    }
  }

  private static void mapAndUnmap(Mm mm) {
    for (int round = 0; round < 2_000; round++) {
      long at = mm.mmap(null, 8 * PAGE, 0, false, true);
      mm.touch(at, 8 * PAGE, (byte) 1);
      mm.munmap(at, 8 * PAGE);
    }
  }

  private static void storeAround(Mm mm, AtomicBoolean stop) {
    long highest = 0x7fff_ffff_e000L;
    SplittableRandom random = new SplittableRandom();
    while (!stop.get()) {
      try {
        mm.store(highest - random.nextInt(8) * PAGE, (byte) 2);
      } catch (TaskSignal e) {
        assertThat(e.signal()).isEqualTo(TaskSignal.SIGSEGV);
      }
    }
  }

  /** The walk of gup-fast: read the entry, take a reference, and look whether the entry stands. */
  @Test
  void pinsWithoutLocksAndUnmappingNeverLoseAReference() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ParallelMmTest seed " + seed);
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(8 * MIB, PAGE);
      Mm mm = lab.task().mm();
      AtomicBoolean stop = new AtomicBoolean();
      long at = mm.mmap(device.space, 8 * MIB, 0, true, true);
      mm.munmap(at, 8 * MIB);
      long[] pinned = new long[NR_THREADS];
      inParallel(
          NR_THREADS,
          i -> {
            SplittableRandom random = new SplittableRandom(seed + i);
            if (i > 0) {
              while (!stop.get()) {
                pinned[i] += pinOnce(lab, mm, at + (random.nextLong(8 * MIB) & -PAGE)) ? 1 : 0;
              }
            } else {
              remap(mm, device, random, at);
              stop.set(true);
            }
          });
      assertThat(pinned[1] + pinned[2] + pinned[3]).as("pins that succeeded").isPositive();
      for (long pgoff = 0; pgoff < 8 * MIB >> 12; pgoff++) {
        assertThat(lab.count(device.pfn(pgoff))).isEqualTo(1);
      }
      lab.pagemaps.memunmap(device.pgmap);
      lab.assertNothingLeft();
    }
  }

  private static void remap(Mm mm, TestDevice device, SplittableRandom random, long expected) {
    for (int round = 0; round < 100; round++) {
      long at = mm.mmap(device.space, 8 * MIB, 0, true, true);
      assertThat(at).isEqualTo(expected);
      mm.touch(at, 8 * MIB, (byte) 0);
      if (random.nextBoolean()) {
        device.space.unmapMappingRange();
      }
      mm.munmap(at, 8 * MIB);
    }
  }

  private static boolean pinOnce(MmLab lab, Mm mm, long address) {
    int token = lab.sync.rcu().readLock();
    try {
      PageTable table = mm.tables().lowestTable(address);
      int index = table.index(address);
      long entry = table.loadAcquire(index);
      if (!Pte.isLeaf(entry, table.level())) {
        return false;
      }
      long pfn = Pte.pfn(entry);
      if (!lab.refs.modUnless(pfn, lab.record(pfn), 1)) {
        return false;
      }
      boolean stands = (table.loadAcquire(index) & Pte.PFN_MASK) == (entry & Pte.PFN_MASK);
      // While the entry stands inside the section, the mapping's own reference cannot be gone yet.
      boolean sound = !stands || lab.refs.count(lab.record(pfn)) >= 3;
      lab.context.put().put(pfn, 1);
      assertThat(sound).as("page 0x%x", pfn).isTrue();
      return stands;
    } finally {
      lab.sync.rcu().readUnlock(token);
    }
  }
}
