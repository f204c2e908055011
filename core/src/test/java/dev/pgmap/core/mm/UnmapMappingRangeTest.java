package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.DEVICE_START;
import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnmapMappingRangeTest {
  private static long leaves(Mm mm, long start, long bytes) {
    AtomicLong count = new AtomicLong();
    mm.tables().forEachLeaf(start, start + bytes, (a, l, e) -> count.incrementAndGet());
    return count.get();
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 2 << 20})
  void itClearsTheFileInEveryMmAndNothingElse(long align) {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(16 * MIB, align);
      TestDevice other = lab.device("/dev/dax1.0", DEVICE_START + 64 * MIB, 16 * MIB, align);
      List<Task> tasks = List.of(lab.task(), lab.task());
      List<Long> at = new ArrayList<>();
      for (Task task : tasks) {
        at.add(task.mm().mmap(device.space, 8 * MIB, 0, true, true));
        task.mm().touch(at.getLast(), 8 * MIB, (byte) 0);
        long kept = task.mm().mmap(other.space, 4 * MIB, 0, true, true);
        task.mm().touch(kept, 4 * MIB, (byte) 0);
      }
      assertThat(lab.count(device.pfn(0))).isEqualTo(3);
      device.space.unmapMappingRange();
      for (int i = 0; i < 2; i++) {
        assertThat(leaves(tasks.get(i).mm(), at.get(i), 8 * MIB)).isZero();
      }
      assertThat(lab.count(device.pfn(0))).isEqualTo(1);
      assertThat(lab.count(other.pfn(0))).isEqualTo(3);
      assertThat(device.space.nrAreas()).isEqualTo(2);
      tasks.getFirst().mm().store(at.getFirst(), (byte) 1);
      assertThat(lab.count(device.pfn(0))).as("a live device faults again").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 2 << 20})
  void aPartOfTheFileIsClearedWhereverItIsMapped(long align) {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(16 * MIB, align);
      Mm whole = lab.task().mm();
      Mm tail = lab.task().mm();
      long atWhole = whole.mmap(device.space, 8 * MIB, 0, true, true);
      long atTail = tail.mmap(device.space, 4 * MIB, 4 * MIB >> 12, true, true);
      whole.touch(atWhole, 8 * MIB, (byte) 0);
      tail.touch(atTail, 4 * MIB, (byte) 0);

      device.space.unmapMappingRange(2 * MIB >> 12, 4 * MIB >> 12);

      assertThat(leaves(whole, atWhole, 2 * MIB)).isEqualTo(2 * MIB / align);
      assertThat(leaves(whole, atWhole + 2 * MIB, 4 * MIB)).isZero();
      assertThat(leaves(whole, atWhole + 6 * MIB, 2 * MIB)).isEqualTo(2 * MIB / align);
      assertThat(leaves(tail, atTail, 2 * MIB)).isZero();
      assertThat(leaves(tail, atTail + 2 * MIB, 2 * MIB)).isEqualTo(2 * MIB / align);
      assertThat(lab.count(device.pfn(2 * MIB >> 12))).isEqualTo(1);
      assertThat(lab.count(device.pfn(6 * MIB >> 12))).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 2 << 20})
  void theEntriesThatMapAPageAreFoundInEveryMm(long align) {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(16 * MIB, align);
      Mm whole = lab.task().mm();
      Mm tail = lab.task().mm();
      long atWhole = whole.mmap(device.space, 8 * MIB, 0, true, true);
      long atTail = tail.mmap(device.space, 4 * MIB, 4 * MIB >> 12, true, true);
      long pgoff = (4 * MIB >> 12) + 3;
      assertThat(device.space.mappingsOf(pgoff)).as("mapped, but not touched").isEmpty();

      whole.store(atWhole + (pgoff << 12), (byte) 0);
      tail.store(atTail + 3 * PAGE, (byte) 0);

      int shift = Long.numberOfTrailingZeros(align);
      assertThat(device.space.mappingsOf(pgoff))
          .containsExactly(
              new AddressSpace.MappedAt(whole, atWhole + (pgoff << 12), shift),
              new AddressSpace.MappedAt(tail, atTail + 3 * PAGE, shift));
      assertThat(device.space.mappingsOf(8 * MIB >> 12)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 2 << 20})
  void aDeadDeviceStaysUnmappedAndItsTasksAreSignalled(long align) {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(16 * MIB, align);
      Task task = lab.task();
      long at = task.mm().mmap(device.space, 8 * MIB, 0, true, true);
      task.mm().store(at, (byte) 1);
      device.die();
      device.space.unmapMappingRange();
      assertThatThrownBy(() -> task.mm().load(at))
          .isInstanceOfSatisfying(
              TaskSignal.class, e -> assertThat(e.signal()).isEqualTo(TaskSignal.SIGBUS));
      lab.spaces.remove(device.space);
      assertThat(device.space.file()).isNotSameAs(device);
      assertThat(lab.spaces.byMapping(device.space.id())).isNull();
      assertThatThrownBy(() -> task.mm().load(at)).isInstanceOf(TaskSignal.class);
      assertThatThrownBy(() -> lab.task().mm().mmap(device.space, 8 * MIB, 0, true, true))
          .isInstanceOfSatisfying(
              MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
      assertThatThrownBy(() -> task.mm().munmap(at + align / 2, align / 2 + align))
          .isInstanceOf(MmException.class);
      task.mm().munmap(at + align, align);
      task.exit();
      lab.pagemaps.memunmap(device.pgmap);
      lab.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 2 << 20})
  void noRacingFaultLeavesAnEntryBehind(long align) throws Exception {
    long seed = System.nanoTime();
    System.out.println("UnmapMappingRangeTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
          ExecutorService threads = Executors.newCachedThreadPool()) {
        TestDevice device = lab.device(16 * MIB, align);
        List<Task> tasks = List.of(lab.task(), lab.task());
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Mm mm = tasks.get(i & 1).mm();
          SplittableRandom own = random.split();
          running.add(threads.submit(() -> storeUntilSignalled(mm, device, own)));
        }
        spin(random.nextInt(200_000));
        device.die();
        device.space.unmapMappingRange();
        for (Task task : tasks) {
          assertThat(leaves(task.mm(), 0, task.mm().taskSizeMax())).isZero();
        }
        for (long pgoff = 0; pgoff < 16 * MIB >> 12; pgoff += align >> 12) {
          assertThat(lab.count(device.pfn(pgoff))).as("page %d", pgoff).isEqualTo(1);
        }
        for (Future<?> thread : running) {
          thread.get();
        }
        tasks.forEach(Task::exit);
        lab.pagemaps.memunmap(device.pgmap);
        lab.assertNothingLeft();
      }
    }
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** Maps, stores and unmaps until the device is gone; every store either counts or signals. */
  private static void storeUntilSignalled(Mm mm, TestDevice device, SplittableRandom random) {
    try {
      while (true) {
        long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
        for (int i = 0; i < 20; i++) {
          mm.store(at + (random.nextLong(4 * MIB) & -PAGE), (byte) 0);
        }
        if (random.nextBoolean()) {
          mm.munmap(at, 4 * MIB);
        }
      }
    } catch (TaskSignal e) {
      assertThat(e.signal()).isEqualTo(TaskSignal.SIGBUS);
    }
  }
}
