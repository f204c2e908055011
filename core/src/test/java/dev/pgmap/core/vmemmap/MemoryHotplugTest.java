package dev.pgmap.core.vmemmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryHotplugTest {
  private static final long FIRST = Floors.DEVICE >>> 12;
  private static final long SUBSECTION = 2 * Floors.MIB;

  private Floors floors = new Floors(Kernels.V6_1.policies());

  @AfterEach
  void close() {
    floors.close();
  }

  private void restart(PhysRange... ram) {
    floors.close();
    floors = new Floors(Kernels.V6_1.policies(), new PageRefs(), List.of(ram), 16 * Floors.GIB);
  }

  private Memmap add(long start, long bytes, int order) {
    PhysRange range = PhysRange.ofLength(start, bytes);
    return floors.hotplug.add(range, null, order, range.firstPfn());
  }

  private List<Long> present() {
    List<Long> found = new ArrayList<>();
    for (long s = 0; s < floors.map.endPfn() >>> 9; s++) {
      if (floors.map.isPresent(s)) {
        found.add(s);
      }
    }
    return found;
  }

  private void assertFailsAndLeavesNothing(Errno errno, ThrowingCallable call) {
    List<Long> before = present();
    long free = floors.ram.freePages();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MmException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    assertThat(present()).isEqualTo(before);
    assertThat(floors.ram.freePages()).isEqualTo(free);
  }

  @Test
  void onlyTheRangeGetsStructPages() {
    List<Long> boot = present();
    Memmap memmap = add(Floors.DEVICE + 3 * SUBSECTION, 5 * SUBSECTION, 0);
    long first = (FIRST >>> 9) + 3;
    List<Long> expected = new ArrayList<>(boot);
    for (long s = first; s < first + 5; s++) {
      expected.add(s);
    }
    assertThat(present()).isEqualTo(expected);
    floors.hotplug.remove(memmap, "test");
    assertThat(present()).isEqualTo(boot);
  }

  @Test
  void twoRangesShareASection() {
    Memmap low = add(Floors.DEVICE, SUBSECTION, 0);
    Memmap high = add(Floors.DEVICE + SUBSECTION, 63 * SUBSECTION, 0);
    long record = floors.pages.record(FIRST + 512);
    floors.hotplug.remove(low, "low");
    assertThat(floors.pages.record(FIRST + 512)).isEqualTo(record);
    assertThat(floors.pages.recordOrZero(FIRST)).isZero();
    floors.hotplug.remove(high, "high");
    floors.assertNothingLeft();
  }

  @Test
  void aRangeThatBeginsAndEndsInsideSectionsIsWhole() {
    long start = Floors.DEVICE + 128 * Floors.MIB - SUBSECTION;
    Memmap memmap = add(start, 128 * Floors.MIB + 2 * SUBSECTION, 0);
    assertThat(memmap.vmemmapPages()).isEqualTo(66 * 8);
    for (long pfn = start >>> 12; pfn < (start >>> 12) + 66 * 512; pfn++) {
      assertThat(floors.pages.recordOrZero(pfn)).isNotZero();
    }
    floors.hotplug.remove(memmap, "test");
    floors.assertNothingLeft();
  }

  @Test
  void ramInPiecesStillHoldsTheStructPagesOfASection() {
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      taken.add(floors.ram.allocPages(500, 512));
    }
    while (true) {
      try {
        taken.add(floors.ram.allocPages(512, 512));
      } catch (MmException e) {
        break;
      }
    }
    long free = floors.ram.freePages();
    Memmap memmap = add(Floors.DEVICE, 64 * SUBSECTION, 0);
    assertThat(memmap.vmemmapPages()).isEqualTo(512);
    assertThat(free - floors.ram.freePages()).isEqualTo(512);
    floors.hotplug.remove(memmap, "test");
    assertThat(floors.ram.freePages()).isEqualTo(free);
  }

  @ParameterizedTest
  @CsvSource({"0, 512, 1", "9, 1024, 1", "18, 2048, 509"})
  void ramThatRunsOutInTheMiddleLeavesNothing(int order, long mib, long pagesTaken) {
    restart(PhysRange.ofLength(0, 4 * Floors.MIB));
    floors.ram.allocPages(pagesTaken, 1);
    assertThat(floors.ram.freePages()).isPositive();
    assertFailsAndLeavesNothing(Errno.ENOMEM, () -> add(Floors.DEVICE, mib * Floors.MIB, order));
    assertThatThrownBy(() -> floors.pages.record(FIRST))
        .isInstanceOfSatisfying(NoStructPage.class, e -> assertThat(e.wasRemoved()).isFalse());
  }

  @Test
  void whatIsThereAlreadyIsEexistAndStays() {
    Memmap other = add(Floors.DEVICE + 128 * Floors.MIB + 4 * SUBSECTION, SUBSECTION, 0);
    long pfn = other.range().firstPfn();
    long record = floors.pages.record(pfn);
    floors.pages.setIndex(record, 42);
    assertFailsAndLeavesNothing(Errno.EEXIST, () -> add(Floors.DEVICE, 256 * Floors.MIB, 9));
    assertFailsAndLeavesNothing(Errno.EEXIST, () -> add(other.range().start(), SUBSECTION, 0));
    assertFailsAndLeavesNothing(
        Errno.EEXIST, () -> add(other.range().start() - SUBSECTION, 2 * SUBSECTION, 0));
    assertThat(floors.pages.record(pfn)).isEqualTo(record);
    assertThat(floors.pages.index(record)).isEqualTo(42);
  }

  @Test
  void systemRamIsThereAlready() {
    assertFailsAndLeavesNothing(Errno.EEXIST, () -> add(128 * Floors.MIB, SUBSECTION, 0));
  }

  @ParameterizedTest
  @CsvSource({"4096, 2097152", "0, 2101248", "1048576, 2097152", "0, 1048576"})
  void aMisalignedRangeIsEinval(long offset, long bytes) {
    assertFailsAndLeavesNothing(Errno.EINVAL, () -> add(Floors.DEVICE + offset, bytes, 0));
    assertThat(floors.warnings()).singleElement().asString().startsWith("Misaligned add start: 0x");
  }

  @Test
  void aRangeThatEndsInsideACompoundIsEinval() {
    assertFailsAndLeavesNothing(
        Errno.EINVAL, () -> add(Floors.DEVICE, Floors.GIB + SUBSECTION, 18));
  }

  @Test
  void anAltmapThatDoesNotFitTheRangeIsEinval() {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, 2 * SUBSECTION);
    List<AltmapSpec> wrong =
        List.of(
            new AltmapSpec(FIRST + 512, FIRST + 1023, 2, 510),
            new AltmapSpec(FIRST - 512, FIRST + 1023, 2, 510),
            new AltmapSpec(FIRST, FIRST + 1023, 2, 1023));
    for (AltmapSpec spec : wrong) {
      assertFailsAndLeavesNothing(
          Errno.EINVAL, () -> floors.hotplug.add(range, new Altmap(spec), 0, FIRST + 512));
    }
    assertThat(floors.warnings()).hasSize(3).containsOnly("memory add fail, invalid altmap");
  }

  @ParameterizedTest
  @CsvSource({"510, 4096", "14, 4"})
  void anAltmapThatIsTooSmallIsEnomemAndFreeAgain(long freePages, long subsections) {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, subsections * SUBSECTION);
    Altmap altmap = new Altmap(new AltmapSpec(FIRST, range.endPfn() - 1, 2, freePages));
    assertFailsAndLeavesNothing(
        Errno.ENOMEM, () -> floors.hotplug.add(range, altmap, 0, FIRST + 512));
    assertThat(altmap.allocPages()).isZero();
    assertThat(floors.memory.isAllZero(FIRST + 2)).isTrue();
  }

  @Test
  void structPagesInTheDeviceUseNoRam() {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, Floors.GIB);
    Altmap altmap = new Altmap(Floors.altmap(range, 18 * Floors.MIB));
    long free = floors.ram.freePages();
    Memmap memmap = floors.hotplug.add(range, altmap, 9, FIRST + 4608);
    assertThat(altmap.spec().freePages()).isEqualTo(4606);
    assertThat(memmap.vmemmapPages()).isEqualTo(4096).isEqualTo(altmap.allocPages());
    assertThat(memmap.sharesTails()).isFalse();
    assertThat(floors.ram.freePages()).isEqualTo(free);
    long host = floors.memory.hostAddress(Floors.DEVICE);
    for (long pfn = FIRST; pfn < range.endPfn(); pfn++) {
      assertThat(floors.pages.record(pfn))
          .isBetween(host + 512 * 4096, host + 18 * Floors.MIB - 64);
    }
    floors.hotplug.remove(memmap, "test");
    assertThat(altmap.allocPages()).isZero();
    assertThat(floors.memory.isAllZero(FIRST + 512)).as("no record is left behind").isTrue();
  }

  /** Device memory in a section that boot memory began: its memmap is there already. */
  @Test
  void anEarlySectionsMemmapIsReusedAndKept() {
    restart(PhysRange.ofLength(0, 64 * Floors.MIB));
    long bootRecord = floors.pages.record(0);
    long free = floors.ram.freePages();
    for (int order : new int[] {0, 9}) {
      Memmap memmap = add(64 * Floors.MIB, 64 * Floors.MIB, order);
      assertThat(memmap.vmemmapPages()).isZero();
      assertThat(floors.ram.freePages()).isEqualTo(free);
      for (long pfn = 16384; pfn < 32768; pfn++) {
        assertThat(floors.pages.record(pfn)).isEqualTo(bootRecord + pfn * 64);
      }
      floors.hotplug.remove(memmap, "device gone");
      assertThat(floors.ram.freePages()).isEqualTo(free);
      assertThat(floors.map.isEarly(16384 >>> 9)).isTrue();
    }
    assertThat(floors.pages.record(0)).isEqualTo(bootRecord);
    assertThatThrownBy(() -> floors.pages.record(16384)).hasMessageContaining("device gone");
  }

  @Test
  void aRangeMayReachFromAnEarlySectionIntoOthers() {
    restart(PhysRange.ofLength(0, 64 * Floors.MIB));
    Memmap memmap = add(64 * Floors.MIB, 128 * Floors.MIB, 9);
    assertThat(memmap.vmemmapPages()).as("the second section shares tails").isEqualTo(32 * 2);
    assertThat(floors.map.sharesTails(64)).isTrue();
    assertThat(floors.map.sharesTails(63)).isFalse();
    floors.hotplug.remove(memmap, "test");
    floors.assertNothingLeft();
  }

  @Test
  void aRemovedPageSaysWhoseItWas() {
    Memmap memmap = add(Floors.DEVICE, 2 * SUBSECTION, 9);
    floors.hotplug.remove(memmap, "it belonged to dax0.0, removed at [1.5] by rmmod");
    assertThatThrownBy(() -> floors.pages.record(FIRST + 700))
        .isInstanceOfSatisfying(
            NoStructPage.class,
            e -> {
              assertThat(e.wasRemoved()).isTrue();
              assertThat(e.pfn()).isEqualTo(FIRST + 700);
            })
        .hasMessageContaining("it belonged to dax0.0, removed at [1.5] by rmmod");
    assertThatThrownBy(() -> floors.pages.record(FIRST + 1024))
        .isInstanceOfSatisfying(NoStructPage.class, e -> assertThat(e.wasRemoved()).isFalse());
  }

  @Test
  void recordsAreNotGivenBackWhileAReaderMayUseThem() throws Exception {
    Memmap memmap = add(Floors.DEVICE, SUBSECTION, 0);
    long free = floors.ram.freePages();
    int token = floors.sync.rcu().readLock();
    long record = floors.pages.record(FIRST);
    floors.pages.setIndex(record, 42);
    AtomicBoolean removed = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              floors.hotplug.remove(memmap, "test");
              removed.set(true);
            });
    crew.start();
    try {
      while (floors.pages.recordOrZero(FIRST) != 0) {
        Thread.yield();
      }
      Crew.settle();
      assertThat(removed).isFalse();
      assertThat(floors.ram.freePages()).isEqualTo(free);
      assertThat(floors.pages.index(record)).isEqualTo(42);
    } finally {
      floors.sync.rcu().readUnlock(token);
    }
    crew.join();
    assertThat(floors.ram.freePages()).isEqualTo(free + 8);
  }
}
