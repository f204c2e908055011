package dev.pgmap.core.fsdax;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.LongtermRule;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.PolicyChoice;
import dev.pgmap.core.testing.EachEra;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Longterm pins of DAX files: refused in every kernel, each in its own way. */
class LongtermPinTest {
  private static final int LONGTERM_WRITE = FollFlag.LONGTERM | FollFlag.WRITE;

  private FsDaxLab lab = new FsDaxLab("7.2");
  private FsDaxLab.Mapped mapped = lab.map(file(), 8);

  private DaxFile file() {
    return lab.file(new ExtentList(8).mapped(0, 8, 0));
  }

  private void given(Era era) {
    close();
    lab = new FsDaxLab(era);
    mapped = lab.map(file(), 8);
    mapped.write(0);
    mapped.write(1);
    lab.refs.sequences().clear();
  }

  @AfterEach
  void close() {
    lab.check();
    lab.close();
  }

  private int fastOnly(int flags) {
    return lab.machine
        .gup()
        .pinUserPagesFast(
            mapped.task.mm(), mapped.address(0), 2, flags | FollFlag.FAST_ONLY, new long[2], 0);
  }

  private int slow(int flags) {
    return lab.machine
        .gup()
        .pinUserPages(mapped.task.mm(), mapped.address(0), 2, flags, new long[2], 0);
  }

  @EachEra
  void theFastCallTakesNone(String era) {
    given(Era.named(era));
    assertThat(fastOnly(LONGTERM_WRITE)).isZero();
    assertThat(fastOnly(FollFlag.LONGTERM)).isZero();
    boolean takesAndGivesBack = lab.machine.era().gup().longterm() == LongtermRule.FOLIO_TYPE;
    assertThat(lab.refs.sequences().of(FsDaxLab.PFN).isEmpty()).isEqualTo(!takesAndGivesBack);
  }

  @EachEra
  void theSlowCallRefusesBeforeOrAfterItTookThem(String era) {
    given(Era.named(era));
    assertErrno(Errno.EOPNOTSUPP, () -> slow(LONGTERM_WRITE));
    boolean afterwards = lab.machine.era().gup().longterm() == LongtermRule.VMA_AFTER_PINNING;
    assertThat(lab.refs.sequences().of(FsDaxLab.PFN).isEmpty()).isEqualTo(!afterwards);
    assertThat(lab.machine.vmstat().pinAcquired()).isEqualTo(lab.machine.vmstat().pinReleased());
  }

  @EachEra
  void pinsThatAreNotForLongAreTaken(String era) {
    given(Era.named(era));
    lab.unpin(mapped.pin(0, 2));
  }

  /** What the patches of 2021 proposed: a flag of the pgmap, in place of a bit of the entry. */
  @Test
  void aFlagOfThePagemapSendsTheFastCallToTheSlowOne() {
    for (String gupPgmap : new String[] {"yes", "no"}) {
      given(PolicyChoice.apply(Era.V5_17, Map.of("longterm", "pgmap-flag", "gup-pgmap", gupPgmap)));
      assertThat(fastOnly(LONGTERM_WRITE)).isZero();
      assertThat(lab.refs.sequences().of(FsDaxLab.PFN)).isEmpty();
      assertErrno(Errno.EOPNOTSUPP, () -> slow(LONGTERM_WRITE));
    }
  }

  /**
   * Without the devmap bit the rule on areas alone lets the fast call through: a bug of its own.
   */
  @Test
  void theRuleOnAreasNeedsSomethingThatStopsTheFastCall() {
    given(PolicyChoice.apply(Era.V6_17, Map.of("longterm", "vma")));
    long[] pfns = new long[2];
    int nr =
        lab.machine
            .gup()
            .pinUserPagesFast(
                mapped.task.mm(),
                mapped.address(0),
                2,
                FollFlag.LONGTERM | FollFlag.FAST_ONLY,
                pfns,
                0);
    assertThat(nr).isEqualTo(2);
    lab.unpin(pfns);
  }
}
