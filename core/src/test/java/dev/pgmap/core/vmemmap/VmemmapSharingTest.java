package dev.pgmap.core.vmemmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VmemmapSharingTest {
  private static final long FIRST = Floors.DEVICE >>> 12;
  private static final long TIB = 1L << 40;

  private static Memmap add(Floors floors, long bytes, int order) {
    return floors.hotplug.add(PhysRange.ofLength(Floors.DEVICE, bytes), null, order, FIRST);
  }

  @ParameterizedTest
  @CsvSource({
    "V6_1, 9, 2, 2", "V6_1, 18, 1024, 2", "V6_1, 0, 2, 8", "V6_1, 18, 2048, 4",
    "V5_17, 9, 2, 8", "V5_17, 18, 1024, 4096", "V6_1, 7, 2, 8", "V6_1, 8, 2, 8",
    "V6_1, 10, 4, 2", "V6_1, 16, 256, 2", "V6_1, 15, 256, 4", "V7_2, 9, 128, 128"
  })
  void vmemmapPagesThatAreKept(Kernels kernel, int order, int mib, long kept) {
    try (Floors floors = new Floors(kernel.policies())) {
      long free = floors.ram.freePages();
      Memmap memmap = add(floors, mib * Floors.MIB, order);
      assertThat(memmap.vmemmapPages()).isEqualTo(kept);
      assertThat(free - floors.ram.freePages()).isEqualTo(kept);
      floors.hotplug.remove(memmap, "test");
      assertThat(floors.ram.freePages()).isEqualTo(free);
    }
  }

  /** Per TiB: 16 GiB without sharing, 4 GiB with 2 MiB compounds, 8 MiB with 1 GiB ones. */
  @ParameterizedTest
  @CsvSource({"V6_1, 0, 16384", "V5_17, 18, 16384", "V6_1, 9, 4096", "V6_1, 18, 8"})
  void structPagesOfATebibyte(Kernels kernel, int order, long mib) {
    List<PhysRange> ram = List.of(PhysRange.ofLength(0, 24 * Floors.GIB));
    try (Floors floors = new Floors(kernel.policies(), new PageRefs(), ram, 2 * TIB)) {
      long free = floors.ram.freePages();
      PhysRange range = PhysRange.ofLength(TIB, TIB);
      Memmap memmap = floors.hotplug.add(range, null, order, range.firstPfn());
      assertThat(memmap.vmemmapPages()).isEqualTo(mib * 256);
      assertThat(free - floors.ram.freePages()).isEqualTo(mib * 256);
      floors.hotplug.remove(memmap, "test");
      assertThat(floors.ram.freePages()).isEqualTo(free);
    }
  }

  @ParameterizedTest
  @CsvSource({"9, 8", "10, 8", "16, 512", "18, 2048"})
  void tailsAliasAndTheFirst128RecordsOfACompoundDoNot(int order, int mib) {
    try (Floors floors = new Floors(Kernels.V6_1.policies())) {
      add(floors, mib * Floors.MIB, order);
      StructPages pages = floors.pages;
      Set<Long> distinct = new HashSet<>();
      long nrPages = 1L << order;
      for (long head = FIRST; head < FIRST + mib * 256L; head += nrPages) {
        for (long i = 0; i < 128; i++) {
          assertThat(distinct.add(pages.record(head + i))).isTrue();
          assertThat(pages.record(head + i)).isEqualTo(pages.record(head) + i * 64);
        }
        for (long i = 128; i < nrPages; i++) {
          if (pages.record(head + i) != pages.record(head + 64 + i % 64)) {
            throw new AssertionError("tail %d of 0x%x has a record of its own".formatted(i, head));
          }
        }
      }
    }
  }

  @Test
  void whatIsWrittenToOneTailIsReadFromTheOther() {
    try (Floors floors = new Floors(Kernels.V6_1.policies())) {
      add(floors, 2 * Floors.GIB, 18);
      StructPages pages = floors.pages;
      long second = FIRST + (1 << 18);
      pages.setIndex(pages.record(FIRST + 200_000), 42);
      assertThat(pages.index(pages.record(FIRST + 64 + 200_000 % 64))).isEqualTo(42);
      assertThat(pages.index(pages.record(FIRST + 32_768 * 3 + 200_000 % 64))).isEqualTo(42);
      assertThat(pages.index(pages.record(second + 200_000))).as("another compound").isZero();
      pages.setIndex(pages.record(FIRST), 7);
      assertThat(pages.index(pages.record(second))).as("another head").isZero();
      assertThat(pages.index(pages.record(FIRST + 64))).isNotEqualTo(7);
    }
  }

  @Test
  void withoutSharingEveryRecordIsItsOwn() {
    try (Floors floors = new Floors(Kernels.V5_17.policies())) {
      add(floors, 130 * Floors.MIB, 9);
      Set<Long> distinct = new HashSet<>();
      for (long pfn = FIRST; pfn < FIRST + 130 * 256; pfn++) {
        assertThat(distinct.add(floors.pages.record(pfn))).isTrue();
      }
    }
  }
}
