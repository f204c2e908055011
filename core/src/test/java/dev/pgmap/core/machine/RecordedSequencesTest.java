package dev.pgmap.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.Recording;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same scenario gives the same events on the same pages as on a real kernel. */
class RecordedSequencesTest {
  /** The one recording whose ring buffer overran: the oldest events of some pages are missing. */
  private static final String OVERRUN = "5.10/S1-devdax-1G-mem-pinfast-m1024";

  @TestFactory
  Stream<DynamicTest> eachRecordingIsReproduced() throws IOException {
    List<Recording> all = Recording.load();
    assertThat(all).hasSizeGreaterThan(100);
    return all.stream().map(r -> DynamicTest.dynamicTest(name(r), () -> reproduce(r)));
  }

  private static String name(Recording recording) {
    return recording.series() + "/" + recording.scenario();
  }

  private static void reproduce(Recording recording) throws InterruptedException {
    RecordingPageRefs refs = new RecordingPageRefs();
    try (DevdaxMachine machine = new DevdaxMachine(Era.named(recording.series()), refs)) {
      RecordedScenario scenario = new RecordedScenario(machine, refs, recording.scenario());
      scenario.run();
      List<String> groups = recording.groupsOf(refs);
      scenario.putWhatLeaked();
      if (name(recording).equals(OVERRUN)) {
        assertThat(groups).hasSize(1);
        assertThat(recording.groups()).allMatch(r -> groups.getFirst().endsWith(events(r)));
      } else {
        assertThat(groups).containsExactlyInAnyOrderElementsOf(recording.groups());
      }
      machine.assertIdle();
    }
  }

  private static String events(String group) {
    return group.substring(group.indexOf(":: ") + 3);
  }

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
      List<String> groups = Recording.groups(refs, 0x70000, 0x74000);

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

      assertThat(Recording.groups(refs, 0x80000, 0xb0000))
          .containsExactly(
              "pfns=384 first=0x80000 last=0xafe00 :: set(+1)->1",
              "pfns=48768 first=0x80001 last=0xafe7f :: set(+1)->1 ; set(+0)->0");
      machine.assertIdle();
    }
  }

  /**
   * No 5.17 was recorded. From what is known of it: device-dax is compound; its fast pin adds page
   * by page; a drop of n is a subtraction of n - 1 and a put; base references are dropped at
   * teardown, each with the pgmap's.
   */
  @Test
  void era517TakesCompoundsPageByPageAndDropsThemInTwoSteps() throws InterruptedException {
    assertThat(events517("S1-devdax-2M-mem-pinfast-m2"))
        .containsExactly(
            "pfns=1 first=0x70200 last=0x70200 ::"
                + " mod(+1)x512->513 ; mod(-511)->2 ; mod_and_test(-1)->1 ret=0");
    assertThat(events517("S1-devdax-2M-dev-dump-m2"))
        .containsExactly(
            "pfns=1 first=0x70200 last=0x70200 ::"
                + " mod(+1)x512->513 ; mod_and_test(-1)x512->1 ret=0"
                + " ; mod(+1)x512->513 ; mod(-511)->2 ; mod_and_test(-1)->1 ret=0");
    assertThat(events517("S4-2M-dev-destroy-idle"))
        .containsExactly("pfns=31 first=0x70200 last=0x73e00 :: mod_and_test(-1)->0 ret=1");
  }

  @Test
  void era517PinsBasePagesAsIts510Predecessor() throws InterruptedException {
    String fast =
        "mod_unless(+1)->2 ret=1 ; mod(+1023)->1025 ; mod(-1023)->2 ; mod_and_test(-1)->1 ret=0";
    assertThat(events517("S1-devdax-4K-dev-pinfast-m1"))
        .containsExactly("pfns=256 first=0x70200 last=0x702ff :: " + fast);
    assertThat(events517("S4-4K-mem-destroy-mapped"))
        .containsExactly("pfns=15872 first=0x70200 last=0x73fff :: mod_and_test(-1)->0 ret=1");
  }

  private static List<String> events517(String scenario) throws InterruptedException {
    RecordingPageRefs refs = new RecordingPageRefs();
    try (DevdaxMachine machine = new DevdaxMachine(Era.V5_17, refs)) {
      new RecordedScenario(machine, refs, scenario).run();
      machine.assertIdle();
      return Recording.groups(refs, 0x70200, 0x74000);
    }
  }
}
