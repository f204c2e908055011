package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.page.RecordingPageRefs;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * No 5.17 was recorded. From what is known of it: device-dax is compound; its fast pin adds page by
 * page; a drop of n is a subtraction of n - 1 and a put; base references are dropped at teardown,
 * each with the pgmap's.
 */
class Era517SequencesTest {
  private final RecordingPageRefs refs = new RecordingPageRefs();
  private final ShellFixture fixture = new ShellFixture(Era.V5_17, refs);

  @AfterEach
  void close() {
    fixture.assertSound();
    fixture.close();
  }

  private List<String> eventsOf(String align, String map, String line) {
    fixture.run("ndctl create-namespace -r region0 -m devdax -a " + align + " -M " + map);
    refs.sequences().clear();
    fixture.run(line);
    return refs.sequences().groups(pfn -> pfn >= 0x70200 && pfn < 0x74000);
  }

  @Test
  void compoundsArePinnedPageByPageAndDroppedInTwoSteps() {
    assertThat(eventsOf("2M", "mem", "gup_test -S -f /dev/dax0.0 -m 2 -r 1 -a -n 512 -w"))
        .containsExactly(
            "pfns=1 first=0x70200 last=0x70200 ::"
                + " mod(+1)x512->513 ; mod(-511)->2 ; mod_and_test(-1)->1 ret=0");
  }

  @Test
  void getsOfCompoundsAreDroppedOneByOne() {
    assertThat(
            eventsOf(
                "2M",
                "dev",
                "gup_test -S -f /dev/dax0.0 -m 2 -c -n 512 -w 0 1 5;"
                    + " gup_test -S -f /dev/dax0.0 -m 2 -c -p -n 512 -w 0 1 5"))
        .containsExactly(
            "pfns=1 first=0x70200 last=0x70200 ::"
                + " mod(+1)x512->513 ; mod_and_test(-1)x512->1 ret=0"
                + " ; mod(+1)x512->513 ; mod(-511)->2 ; mod_and_test(-1)->1 ret=0");
  }

  @Test
  void teardownDropsTheBaseReferenceOfEachCompound() {
    assertThat(eventsOf("2M", "dev", "ndctl destroy-namespace -f namespace0.0"))
        .containsExactly("pfns=31 first=0x70200 last=0x73e00 :: mod_and_test(-1)->0 ret=1");
  }

  @Test
  void basePagesArePinnedAsBy510() {
    assertThat(eventsOf("4K", "dev", "gup_test -S -f /dev/dax0.0 -m 1 -r 1 -a -n 512 -w"))
        .containsExactly(
            "pfns=256 first=0x70200 last=0x702ff :: mod_unless(+1)->2 ret=1 ; mod(+1023)->1025"
                + " ; mod(-1023)->2 ; mod_and_test(-1)->1 ret=0");
  }

  @Test
  void teardownOfMappedBasePagesDropsTheirBaseReferences() {
    assertThat(
            eventsOf(
                "4K",
                "mem",
                "zdtool hold-map /dev/dax0.0 4M 0.2 & sleep 0.1;"
                    + " ndctl destroy-namespace -f namespace0.0; wait"))
        .containsExactly("pfns=15872 first=0x70200 last=0x73fff :: mod_and_test(-1)->0 ret=1");
  }
}
