package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The page_ref events of real kernels at creation and teardown of a 64 MiB device at pfn 0x70000,
 * whose info block and, with {@code dev}, struct pages take the first 2 MiB.
 */
class PagemapEventsTest {
  private static final PhysRange REGION = new PhysRange(0x7000_0000L, 0x73ff_ffffL);
  private static final List<PhysRange> RAM_BELOW = List.of(PhysRange.ofLength(0, 64 * Floors.MIB));

  /** As in the recordings, the device shares its section with System RAM. */
  private static final List<PhysRange> RAM_IN_THE_SAME_SECTION =
      List.of(PhysRange.ofLength(0, 64 * Floors.MIB), PhysRange.ofLength(0x7400_0000L, 64 << 20));

  private final RecordingPageRefs refs = new RecordingPageRefs();

  private Floors floors(Kernels kernel, List<PhysRange> ram) {
    return new Floors(kernel.policies(), refs, ram, 2 * Floors.GIB);
  }

  private static DevPagemap create(Floors floors, int shift, boolean inDevice) {
    AltmapSpec altmap = inDevice ? Floors.altmap(REGION, 2 * Floors.MIB) : null;
    return floors.pagemaps.memremap(
        Floors.spec(MemoryType.GENERIC, shift, altmap, REGION), DevPagemapOps.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "V5_10, 0, true",
    "V5_17, 0, true",
    "V6_1, 0, true",
    "V7_2, 0, true",
    "V5_10, 9, true"
  })
  void basePagesInTheDeviceAreSetToOneWithTheirAltmap(Kernels kernel, int shift, boolean dev) {
    for (List<PhysRange> ram : List.of(RAM_BELOW, RAM_IN_THE_SAME_SECTION)) {
      refs.sequences().clear();
      try (Floors floors = floors(kernel, ram)) {
        create(floors, shift, dev);
        assertThat(refs.sequences().groups())
            .containsExactly("pfns=16382 first=0x70002 last=0x73fff :: set(+1)->1");
        floors.assertInvariants();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"V5_10, 0", "V5_10, 9", "V5_17, 0", "V6_1, 0", "V7_2, 0"})
  void basePagesInRamAreSetToOneFromTheStartOfTheNamespace(Kernels kernel, int shift) {
    try (Floors floors = floors(kernel, RAM_BELOW)) {
      create(floors, shift, false);
      assertThat(refs.sequences().groups())
          .containsExactly("pfns=16384 first=0x70000 last=0x73fff :: set(+1)->1");
      floors.assertInvariants();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernels.class,
      names = {"V5_17", "V6_1", "V7_2"})
  void allTailsOfCompoundsInTheDeviceAreSetToZero(Kernels kernel) {
    for (List<PhysRange> ram : List.of(RAM_BELOW, RAM_IN_THE_SAME_SECTION)) {
      refs.sequences().clear();
      try (Floors floors = floors(kernel, ram)) {
        create(floors, 9, true);
        assertThat(refs.sequences().groups())
            .containsExactly(
                "pfns=541 first=0x70002 last=0x73e00 :: set(+1)->1",
                "pfns=15841 first=0x70201 last=0x73fff :: set(+1)->1 ; set(+0)->0");
        floors.assertInvariants();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"V5_17, 511, 73fff", "V6_1, 127, 73e7f", "V7_2, 127, 73e7f"})
  void onlyTailsWithRecordsOfTheirOwnAreSetInRam(Kernels kernel, int tails, String last) {
    try (Floors floors = floors(kernel, RAM_BELOW)) {
      create(floors, 9, false);
      assertThat(refs.sequences().groups())
          .containsExactly(
              "pfns=32 first=0x70000 last=0x73e00 :: set(+1)->1",
              "pfns=%d first=0x70001 last=0x%s :: set(+1)->1 ; set(+0)->0"
                  .formatted(32 * tails, last));
      floors.assertInvariants();
    }
  }

  /** Boot memmap is whole, so every tail must be initialised also where others share. */
  @ParameterizedTest
  @EnumSource(
      value = Kernels.class,
      names = {"V6_1", "V7_2"})
  void allTailsInReusedBootMemmapAreInitialised(Kernels kernel) {
    try (Floors floors = floors(kernel, RAM_IN_THE_SAME_SECTION)) {
      DevPagemap pgmap = create(floors, 9, false);
      assertThat(pgmap.vmemmapPages()).isZero();
      assertThat(refs.sequences().groups())
          .containsExactly(
              "pfns=32 first=0x70000 last=0x73e00 :: set(+1)->1",
              "pfns=16352 first=0x70001 last=0x73fff :: set(+1)->1 ; set(+0)->0");
      floors.assertInvariants();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V5_10, 0, true, 15872, 70200, 73fff", "V5_10, 9, false, 16384, 70000, 73fff",
    "V5_17, 9, true, 31, 70200, 73e00", "V5_17, 0, true, 15872, 70200, 73fff"
  })
  void teardownDropsOneBaseReferencePerFolioUpTo517(
      Kernels kernel, int shift, boolean dev, int folios, String first, String last) {
    try (Floors floors = floors(kernel, RAM_BELOW)) {
      DevPagemap pgmap = create(floors, shift, dev);
      assertThat(pgmap.refCount()).isEqualTo(1 + folios);
      refs.sequences().clear();
      floors.pagemaps.memunmap(pgmap);
      assertThat(refs.sequences().groups())
          .containsExactly(
              "pfns=%d first=0x%s last=0x%s :: mod_and_test(-1)->0 ret=1"
                  .formatted(folios, first, last));
      floors.assertNothingLeft();
      floors.assertNoWarnings();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V6_1, 0, true",
    "V6_1, 9, false",
    "V7_2, 0, false",
    "V7_2, 9, true",
    "V7_2, 9, false"
  })
  void teardownMakesNoEventFrom61On(Kernels kernel, int shift, boolean dev) {
    try (Floors floors = floors(kernel, RAM_BELOW)) {
      DevPagemap pgmap = create(floors, shift, dev);
      refs.sequences().clear();
      floors.pagemaps.memunmap(pgmap);
      assertThat(refs.sequences().groups()).isEmpty();
      floors.assertNothingLeft();
      floors.assertNoWarnings();
    }
  }

  /** The 5.10 recording of a destroy while a pipe holds 32 pages. */
  @Test
  void destroyWhileHeldReadsAsRecorded() throws Exception {
    try (Floors floors = floors(Kernels.V5_10, RAM_BELOW)) {
      DevPagemap pgmap = create(floors, 9, true);
      refs.sequences().clear();
      for (long pfn = 0x70200; pfn < 0x70220; pfn++) {
        refs.mod(pfn, floors.pages.record(pfn), 1);
      }
      Crew crew = new Crew().add(() -> floors.pagemaps.memunmap(pgmap)).start();
      while (!refs.sequences().of(0x73fff).endsWith("ret=1")) {
        Thread.yield();
      }
      for (long pfn = 0x70200; pfn < 0x70220; pfn++) {
        floors.put.put(pfn, 1);
      }
      crew.join();
      assertThat(refs.sequences().groups())
          .containsExactly(
              "pfns=32 first=0x70200 last=0x7021f :: mod(+1)->2 ;"
                  + " mod_and_test(-1)->1 ret=0 ; mod_and_test(-1)->0 ret=1",
              "pfns=15840 first=0x70220 last=0x73fff :: mod_and_test(-1)->0 ret=1");
      floors.assertNothingLeft();
    }
  }
}
