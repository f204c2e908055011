package dev.pgmap.core.fsdax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.testing.Crew;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked timelines of one 4 KiB page of a DAX file, step by step. */
class TimelineTest {
  private static final long PAGE_4K = FsDaxLab.PFN + 3;

  private FsDaxLab lab;

  private FsDaxLab.Mapped givenAMappedFile(String era) {
    lab = new FsDaxLab(era);
    return lab.map(lab.file(extents), 4);
  }

  private final ExtentList extents = new ExtentList(4).mapped(0, 4, 0);

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  private void truncateWhilePinned(FsDaxLab.Mapped mapped, long[] pins) throws Exception {
    DaxFile file = (DaxFile) mapped.task.mm().vmas().getFirst().file().file();
    Crew crew = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 4)).start();
    try {
      assertThat(crew.endsWithin(50)).isFalse();
      assertThat(lab.mapping(PAGE_4K)).isEqualTo(file.space().id());
    } finally {
      lab.unpin(pins);
      crew.join();
    }
    assertThat(lab.mapping(PAGE_4K)).isZero();
  }

  /** 12.1: mappings hold references, and the page is free at zero. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void a4kPageWhereMappingsHoldReferences(String era) throws Exception {
    FsDaxLab.Mapped mapped = givenAMappedFile(era);
    assertThat(lab.count(PAGE_4K)).isZero();

    mapped.write(3);
    assertThat(lab.events(PAGE_4K)).isEqualTo("mod(+1)x2->2 ; mod_and_test(-1)->1 ret=0");
    assertThat(lab.machine.structPages().mapcount(lab.machine.structPages().record(PAGE_4K)))
        .isZero();

    long[] pins = mapped.pin(3, 1);
    assertThat(lab.events(PAGE_4K)).isEqualTo("mod_unless(+1)->2 ret=1 ; mod(+1023)->1025");

    truncateWhilePinned(mapped, pins);
    assertThat(lab.events(PAGE_4K))
        .isEqualTo("mod_and_test(-1)->1024 ret=0 ; mod_and_test(-1024)->0 ret=1");
    assertThat(lab.count(PAGE_4K)).isZero();
  }

  /** 12.2: an idle page has one reference, and mappings change nothing. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.4", "5.10", "5.17", "5.18", "6.1", "6.12"})
  void a4kPageWhereIdlePagesHaveOneReference(String era) throws Exception {
    FsDaxLab.Mapped mapped = givenAMappedFile(era);
    assertThat(lab.count(PAGE_4K)).isEqualTo(1);

    mapped.write(3);
    assertThat(lab.events(PAGE_4K)).isEmpty();

    lab.put(mapped.get(3));
    assertThat(lab.events(PAGE_4K))
        .isEqualTo("mod_unless(+1)->2 ret=1 ; mod_and_return(-1)->1 ret=1");

    long[] pins = mapped.pin(3, 1);
    boolean pinsCount = lab.machine.era().gup().countsPins();
    assertThat(lab.events(PAGE_4K))
        .isEqualTo("mod_unless(+1)->2 ret=1" + (pinsCount ? " ; mod(+1023)->1025" : ""));
    truncateWhilePinned(mapped, pins);
    assertThat(lab.events(PAGE_4K)).isEqualTo(unpinEvents());
    assertThat(lab.count(PAGE_4K)).isEqualTo(1);
  }

  private String unpinEvents() {
    if (!lab.machine.era().gup().countsPins()) {
      return "mod_and_return(-1)->1 ret=1";
    }
    return lab.machine.era().gup().putsPinInTwoSteps()
        ? "mod(-1023)->2 ; mod_and_return(-1)->1 ret=1"
        : "mod_and_return(-1024)->1 ret=1";
  }
}
