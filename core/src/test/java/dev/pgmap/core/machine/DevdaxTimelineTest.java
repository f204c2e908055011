package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked timeline of 2 MiB of device-dax, step by step: before compound pages and after. */
class DevdaxTimelineTest extends DevdaxTest {
  private static final int NR_PAGES = 512;
  private static final int NR_FOLIOS = 32;

  private final RecordingPageRefs refs = new RecordingPageRefs();
  private DevdaxMachine m = new DevdaxMachine(Era.V7_2);

  /** The events of a page since the last look at any. */
  private String events(long pfn) {
    String events = refs.sequences().of(pfn);
    refs.sequences().clear();
    return events;
  }

  private void assertAllPages(String events) {
    for (int i = 0; i < NR_PAGES; i++) {
      assertThat(refs.sequences().of(DATA_PFN + i)).as("page %d", i).isEqualTo(events);
    }
    refs.sequences().clear();
  }

  private Mapping given(String era) {
    m.close();
    m = boot(era, refs);
    m.create(0, 2 * MIB, MapLocation.MEM);
    assertThat(refs.sequences().of(DATA_PFN)).isEqualTo("set(+1)->1");
    refs.sequences().clear();
    return m.map(0, 2 * MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.4", "5.10"})
  void fiveHundredAndTwelveBasePages(String era) {
    Mapping mapping = given(era);
    DevPagemap pgmap = m.pagemap(0);
    long held = pgmap.refCount();
    assertThat(held).isEqualTo(1 + pgmap.nrFolios(0)).isEqualTo(1 + NR_FOLIOS * NR_PAGES);
    boolean pins = m.machine.era().gup().countsPins();

    mapping.touch();
    assertAllPages("");

    long[] taken = mapping.take(Mapping.PIN_FAST, 0, NR_PAGES, FollFlag.WRITE);
    assertThat(taken).hasSize(NR_PAGES);
    assertThat(pgmap.refCount()).as("gup held it for a moment only").isEqualTo(held);
    assertAllPages(pins ? "mod(+1024)->1025" : "mod(+1)->2");

    mapping.unpin(taken);
    assertAllPages(
        pins ? "mod(-1023)->2 ; mod_and_test(-1)->1 ret=0" : "mod_and_test(-1)->1 ret=0");

    mapping.task().exit();
    assertAllPages("");

    m.destroy(0);
    assertAllPages("mod_and_test(-1)->0 ret=1");
    assertThat(pgmap.refCount()).isZero();
  }

  /** A page that is still pinned: its last put, not the teardown's, lets go of the pgmap. */
  @Test
  void aPinnedBasePageHoldsTeardownUp() throws Exception {
    Mapping mapping = given("5.10").touch();
    DevPagemap pgmap = m.pagemap(0);
    long[] pins = mapping.take(Mapping.PIN_FAST, 0, 1, FollFlag.WRITE);
    refs.sequences().clear();
    Crew teardown = new Crew().add(() -> m.destroy(0)).start();
    while (pgmap.refCount() != 1 && !teardown.hasFailed()) {
      Thread.onSpinWait();
    }
    assertThat(events(DATA_PFN)).isEqualTo("mod_and_test(-1)->1024 ret=0");
    assertThat(pgmap.state()).isEqualTo(DevPagemap.State.DYING);

    mapping.unpin(pins);
    teardown.join();

    assertThat(events(DATA_PFN)).isEqualTo("mod(-1023)->1 ; mod_and_test(-1)->0 ret=1");
    mapping.task().exit();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void oneFolio(String era) {
    Mapping mapping = given(era);
    DevPagemap pgmap = m.pagemap(0);
    long held = pgmap.refCount();
    assertThat(held).isEqualTo(1 + NR_FOLIOS);
    long head = m.head(DATA_PFN);

    mapping.touch();
    assertThat(events(DATA_PFN)).isEqualTo("mod(+1)->2");
    assertThat(m.machine.structPages().entireMapcount(head)).isZero();

    long[] pins = mapping.take(Mapping.PIN_FAST, 0, NR_PAGES, FollFlag.WRITE);
    assertThat(events(DATA_PFN)).isEqualTo("mod_unless(+512)->514 ret=1");
    assertThat(m.pincount(DATA_PFN)).isEqualTo(NR_PAGES);
    assertThat(pgmap.refCount()).isEqualTo(held);

    mapping.unpin(pins);
    assertThat(events(DATA_PFN)).isEqualTo("mod_and_test(-512)->2 ret=0");
    assertThat(m.pincount(DATA_PFN)).isZero();

    mapping.unmap();
    assertThat(events(DATA_PFN)).isEqualTo("mod_and_test(-1)->1 ret=0");
    assertThat(m.machine.structPages().entireMapcount(head)).isEqualTo(-1);

    m.destroy(0);
    assertThat(refs.sequences().groups()).as("teardown looks at no page").isEmpty();
    assertThat(pgmap.refCount()).isZero();
    assertThat(Arrays.stream(pins).distinct().count()).isEqualTo(NR_PAGES);
  }
}
