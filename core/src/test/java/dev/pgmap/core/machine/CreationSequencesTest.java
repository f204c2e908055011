package dev.pgmap.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.testing.DevdaxMachine;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What creation does to the counts of device pages; the rest of their life was recorded. */
class CreationSequencesTest {
  /**
   * Only the creation of a 4K namespace with its struct pages in the device was recorded; it is
   * known that the other ones set every page to 1, and then every tail of a compound to 0. The
   * region shares its section with RAM, so that here all tails have records of their own.
   */
  @ParameterizedTest(name = "{0}, align {1}, map {2}")
  @CsvSource({
    "5.10,4096,MEM,16384,0", "5.10,2097152,MEM,16384,0", "5.10,2097152,DEV,16382,0",
    "5.17,4096,DEV,16382,0", "5.17,2097152,MEM,32,16352", "5.17,2097152,DEV,541,15841",
    "6.1,4096,MEM,16384,0", "6.1,2097152,MEM,32,16352", "6.1,2097152,DEV,541,15841",
    "6.12,2097152,MEM,32,16352", "7.2,4096,MEM,16384,0", "7.2,2097152,MEM,32,16352",
    "7.2,2097152,DEV,541,15841"
  })
  void creationSetsHeadsToOneAndTailsToZero(
      String era, long align, MapLocation map, int nrOnes, int nrTails) {
    RecordingPageRefs refs = new RecordingPageRefs();
    try (DevdaxMachine machine = new DevdaxMachine(Era.named(era), refs)) {
      machine.create(0, align, map);
      List<String> groups = refs.sequences().groups(pfn -> pfn >= 0x70000 && pfn < 0x74000);

      assertThat(groups.getFirst()).startsWith("pfns=" + nrOnes + " ").endsWith(":: set(+1)->1");
      if (nrTails == 0) {
        assertThat(groups).hasSize(1);
      } else {
        assertThat(groups).hasSize(2);
        assertThat(groups.getLast())
            .startsWith("pfns=" + nrTails + " ")
            .endsWith(":: set(+1)->1 ; set(+0)->0");
      }
      machine.assertIdle();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void creationTouchesTheTailsOfTwoPagesOfVmemmapWhereTheOthersAreShared(String era) {
    RecordingPageRefs refs = new RecordingPageRefs();
    try (DevdaxMachine machine = new DevdaxMachine(Era.named(era), refs)) {
      machine.create(1, 2L << 20, MapLocation.MEM);

      assertThat(refs.sequences().groups(pfn -> pfn >= 0x80000 && pfn < 0xb0000))
          .containsExactly(
              "pfns=384 first=0x80000 last=0xafe00 :: set(+1)->1",
              "pfns=48768 first=0x80001 last=0xafe7f :: set(+1)->1 ; set(+0)->0");
      machine.assertIdle();
    }
  }
}
