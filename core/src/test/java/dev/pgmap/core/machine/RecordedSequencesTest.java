package dev.pgmap.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.Recording;
import dev.pgmap.core.testing.RecordingPageRefs;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
      new RecordedScenario(machine, refs, recording.scenario()).run();
      List<String> groups = recording.groupsOf(refs);
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
