package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Mapping.GET_FAST;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.RefUnderflow;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to drop pins, and every way to do it wrong. */
class UnpinTest extends DevdaxTest {
  private static final int WRITE = FollFlag.WRITE;
  private static final long A = DATA_PFN;
  private static final long B = DATA_PFN + 512;

  private final RecordingPageRefs refs = new RecordingPageRefs();

  /** A machine with a mapped and touched device of 4 MiB. */
  private Mapping mapped(DevdaxMachine m, long align) {
    m.create(0, align, MapLocation.MEM);
    return m.map(0, 4 * MIB).touch();
  }

  private Gup gup(Mapping mapping) {
    return mapping.machine().gup();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void runsOfAFolioAreDroppedTogetherAndOnlyRuns(String era) {
    DevdaxMachine m = boot(era, refs);
    Mapping mapping = mapped(m, 2 * MIB);
    mapping.takeAll(PIN_FAST, 100, WRITE);
    refs.sequences().clear();
    long[] batch = {A + 5, A, A + 511, B + 3, A + 1, A + 2, B, B + 1};

    gup(mapping).unpinUserPages(batch, 0, 4);
    gup(mapping).unpinUserPages(batch, 4, 4);

    assertThat(refs.sequences().of(A))
        .contains("mod_and_test(-3)->")
        .contains("mod_and_test(-2)->");
    assertThat(refs.sequences().of(B))
        .contains("mod_and_test(-1)->")
        .contains("mod_and_test(-2)->");
    gup(mapping).unpinUserPageRangeDirtyLock(A, 507, false);
    gup(mapping).unpinUserPageRangeDirtyLock(B, 509, false);
  }

  @EachEra
  void interleavedFoliosAreDroppedOneByOne(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, 2 * MIB);
    long[] pins = mapping.takeAll(PIN_FAST, 512, WRITE);
    long[] interleaved = new long[1024];
    for (int i = 0; i < 512; i++) {
      interleaved[2 * i] = pins[i];
      interleaved[2 * i + 1] = pins[512 + i];
    }

    mapping.unpin(interleaved);

    assertThat(m.machine.vmstat().pinReleased()).isEqualTo(1024);
  }

  @EachEra
  void aRangeMayCrossFolios(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = boot(era);
      Mapping mapping = mapped(m, align);
      long[] pins = mapping.take(PIN_FAST, 500, 24, WRITE);
      assertThat(pins).hasSize(24);

      gup(mapping).unpinUserPageRangeDirtyLock(A + 500, 24, false);

      assertThat(m.machine.vmstat().pinReleased()).isEqualTo(24);
    }
  }

  @EachEra
  void severalPinsOfAFolioAreDroppedAtOnce(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, PAGE);
    for (int i = 0; i < 5; i++) {
      mapping.take(PIN_FAST, 7, 1, WRITE);
    }

    gup(mapping).unpinUserFolio(A + 7, 0);
    gup(mapping).unpinUserFolio(A + 7, 3);
    assertThatThrownBy(() -> gup(mapping).unpinUserFolio(A + 7, 3))
        .isInstanceOf(RefUnderflow.class);
    assertThatThrownBy(() -> gup(mapping).unpinUserFolio(A + 7, 1 << 22))
        .isInstanceOf(RefUnderflow.class);
    gup(mapping).unpinUserFolio(A + 7, 2);
  }

  @EachEra
  void aDirtyUnpinMarksTheHeadsOfItsFoliosOnly(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, 2 * MIB);
    long[] pins = mapping.takeAll(PIN_FAST, 512, WRITE);

    gup(mapping).unpinUserPagesDirtyLock(pins, 0, 512, true);
    assertThat(isDirty(m, A)).isTrue();
    assertThat(isDirty(m, B)).isFalse();
    gup(mapping).unpinUserPageRangeDirtyLock(B, 512, true);
    assertThat(isDirty(m, B)).isTrue();
  }

  private static boolean isDirty(DevdaxMachine m, long pfn) {
    return m.machine.structPages().testFlag(m.head(pfn), PageFlag.DIRTY);
  }

  @EachEra
  void unpinsOfNothingChangeNothing(String era) {
    DevdaxMachine m = boot(era);
    m.expectWarnings();
    Mapping mapping = mapped(m, PAGE);
    long[] before = m.snapshot(A, 64);

    gup(mapping).unpinUserPages(new long[0], 0, 0);
    gup(mapping).unpinUserPagesDirtyLock(new long[] {A}, 0, 0, true);
    gup(mapping).unpinUserPageRangeDirtyLock(A, 0, true);
    gup(mapping).unpinUserPages(new long[] {A}, 0, -14);
    gup(mapping).unpinUserFolio(A, -3);

    assertThat(m.snapshot(A, 64)).isEqualTo(before);
    assertThat(m.machine.vmstat().pinReleased()).isZero();
    assertThat(m.warnings()).containsExactly("unpin of -14 pages");
  }

  @ParameterizedTest(name = "{0}, align {1}")
  @CsvSource({
    "5.10,4096",
    "5.10,2097152",
    "5.17,4096",
    "5.17,2097152",
    "6.1,4096",
    "6.1,2097152",
    "6.12,2097152",
    "7.2,4096",
    "7.2,2097152"
  })
  void anUnpinWithoutAPinIsRefusedAndNothingChanges(String era, long align) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, align);
    Gup gup = gup(mapping);
    long[] gets = mapping.take(GET_FAST, 0, 512, 0);
    long[] before = m.snapshot(A, 1024);

    for (Runnable unpin :
        List.<Runnable>of(
            () -> gup.unpinUserPage(A),
            () -> gup.unpinUserPage(B + 9),
            () -> gup.unpinUserPages(gets, 0, 512),
            () -> gup.unpinUserPages(new long[] {B, B + 1, A}, 0, 3),
            () -> gup.unpinUserPagesDirtyLock(gets, 3, 40, true),
            () -> gup.unpinUserPageRangeDirtyLock(A + 17, 900, true),
            () -> gup.unpinUserFolio(A + 1, 1))) {
      assertThatThrownBy(unpin::run).isInstanceOf(RefUnderflow.class);
      assertThat(m.snapshot(A, 1024)).isEqualTo(before);
    }

    assertThat(m.machine.vmstat().pinReleased()).isZero();
    mapping.put(gets);
  }

  @EachEra
  void aSecondUnpinIsRefused(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = boot(era);
      Mapping mapping = mapped(m, align);
      long[] pins = mapping.take(PIN_FAST, 0, 8, WRITE);
      mapping.unpin(pins);
      long[] before = m.snapshot(A, 512);

      assertThatThrownBy(() -> mapping.unpin(pins)).isInstanceOf(RefUnderflow.class);

      assertThat(m.snapshot(A, 512)).isEqualTo(before);
      assertThat(m.machine.vmstat().pinReleased()).isEqualTo(8);
    }
  }

  /** A base page with as many references looks pinned, but for one short of them. */
  @EachEra
  void oneReferenceShortOfAPinIsNoPin(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, PAGE);
    int inOnePin = m.machine.era().gup().countsPins() ? 1024 : 1;
    int nrGets = inOnePin - 1 - (m.machine.era().mapping().holdsReference() ? 1 : 0);
    m.machine.pageRefs().mod(A, m.head(A), nrGets);
    long[] before = m.snapshot(A, 1);

    assertThatThrownBy(() -> gup(mapping).unpinUserPage(A)).isInstanceOf(RefUnderflow.class);

    assertThat(m.snapshot(A, 1)).isEqualTo(before);
    m.machine.pageRefs().mod(A, m.head(A), -nrGets);
  }

  /** Somebody put what was pinned: the pin count says one thing, the references another. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.17", "6.1", "6.12", "7.2"})
  void aPinWhoseReferenceWasPutIsRefusedAndStaysCounted(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, 2 * MIB);
    long[] pins = mapping.take(PIN_FAST, 0, 4, WRITE);
    int users = m.count(A) - 1;
    m.machine.pageRefs().mod(A, m.head(A), -users);
    long[] before = m.snapshot(A, 512);

    assertThatThrownBy(() -> mapping.unpin(pins)).isInstanceOf(RefUnderflow.class);

    assertThat(m.snapshot(A, 512)).isEqualTo(before);
    m.machine.pageRefs().mod(A, m.head(A), users);
    mapping.unpin(pins);
  }

  @EachEra
  void badEntriesDoNotKeepTheOthersPinned(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, PAGE);
    Mapping anonymous = m.mapAnonymous(mapping.task(), 2 * PAGE, true).touch();
    long[] pins = mapping.take(PIN_FAST, 0, 4, WRITE);
    long[] ram = anonymous.take(PIN_FAST, 0, 2, WRITE);
    long[] mixed = {B, pins[0], ram[0], -1, pins[1], Long.MAX_VALUE, ram[1], B, pins[2], 0x60000};

    assertThatThrownBy(() -> gup(mapping).unpinUserPages(mixed, 0, mixed.length))
        .isInstanceOf(RefUnderflow.class);

    assertThat(m.machine.vmstat().pinReleased()).isEqualTo(5);
    mapping.unpin(new long[] {pins[3]});
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}, align {1}")
  @CsvSource({"6.1,4096", "6.1,2097152", "6.12,2097152", "7.2,4096", "7.2,2097152"})
  void afterRemovalAnUnpinIsAnOopsThatNamesTheCulprits(String era, long align) {
    DevdaxMachine m = boot(era);
    m.expectWarnings();
    Mapping mapping = mapped(m, align);
    Mapping anonymous = m.mapAnonymous(mapping.task(), PAGE, true).touch();
    long[] ram = anonymous.take(PIN_FAST, 0, 1, WRITE);
    long[] pins = mapping.take(PIN_FAST, 0, 2, WRITE);
    m.machine.sync().runAs("ndctl", 7, () -> m.destroy(0));

    mapping
        .task()
        .run(() ->
            assertThatThrownBy(() -> mapping.unpin(new long[] {pins[0], ram[0], pins[1], pins[1]}))
                .isInstanceOf(NoStructPage.class));

    assertThat(m.machine.vmstat().pinReleased()).as("the page of RAM").isEqualTo(1);
    m.expectLostPins(2);
    assertThat(m.warnings()).hasSize(1);
    assertThat(m.warnings().getFirst())
        .contains("unpin by " + mapping.task())
        .contains("pfn 0x70200")
        .contains("pgmap 1 (dax0.0)")
        .containsPattern("removed at \\[\\d+\\.\\d{6}\\] by ndctl\\[7\\]");
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}, align {1}")
  @CsvSource({"5.10,4096", "5.10,2097152", "5.17,4096", "5.17,2097152"})
  void teardownWaitsForThePinsAndTheLastUnpinReleasesIt(String era, long align)
      throws InterruptedException {
    DevdaxMachine m = boot(era);
    Mapping mapping = mapped(m, align);
    long[] pins = mapping.take(PIN_FAST, 510, 4, WRITE);
    Crew destroyer = new Crew().add(() -> m.destroy(0)).start();
    Crew.settle();

    mapping.unpin(Arrays.copyOf(pins, 3));
    Crew.settle();
    assertThat(destroyer.endsWithin(1)).as("over with one page pinned").isFalse();
    assertThat(m.machine.structPages().recordOrZero(pins[3])).isNotZero();
    mapping.unpin(new long[] {pins[3]});

    destroyer.join();
    assertThat(m.machine.structPages().recordOrZero(pins[3])).isZero();
  }

  @Test
  void aNeverKnownPageIsNoOops() {
    DevdaxMachine m = boot("7.2");
    Gup gup = m.machine.gup();

    for (long pfn : LongStream.of(A, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40).toArray()) {
      assertThatThrownBy(() -> gup.unpinUserPage(pfn)).isInstanceOf(NoStructPage.class);
      assertThatThrownBy(() -> gup.putPage(pfn)).isInstanceOf(NoStructPage.class);
      assertThatThrownBy(() -> gup.unpinUserFolio(pfn, 1)).isInstanceOf(NoStructPage.class);
    }
  }
}
