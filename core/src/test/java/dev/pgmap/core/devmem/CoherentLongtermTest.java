package dev.pgmap.core.devmem;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.testing.DevmemLab;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins of device-coherent memory: in place, unless they are for long. */
class CoherentLongtermTest {
  private static final int N = 4;

  private static long[] pin(DevmemLab lab, long at, int flags, boolean fast) {
    long[] pfns = new long[N];
    int nr =
        fast
            ? lab.machine.gup().pinUserPagesFast(lab.mm(), at, N, flags, pfns, 0)
            : lab.machine.gup().pinUserPages(lab.mm(), at, N, flags, pfns, 0);
    assertThat(nr).isEqualTo(N);
    return pfns;
  }

  private static boolean isDevice(DevmemLab lab, long pfn) {
    return lab.machine.structPages().isZoneDevice(lab.machine.structPages().record(pfn));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "6.15", "6.17", "7.0", "7.2"})
  void aShortPinStaysOnTheDeviceAndALongOneMovesThePageToRam(String era) {
    for (boolean fast : new boolean[] {true, false}) {
      try (DevmemLab lab = new DevmemLab(era);
          OpenDevice device = lab.open(2)) {
        long at = lab.mapFilled(N);
        lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, N);

        long[] inPlace = pin(lab, at, FollFlag.WRITE, fast);
        assertThat(LongStream.of(inPlace)).allMatch(pfn -> isDevice(lab, pfn));
        lab.machine.gup().unpinUserPages(inPlace, 0, N);

        long[] forLong = pin(lab, at, FollFlag.WRITE | FollFlag.LONGTERM, fast);
        assertThat(LongStream.of(forLong)).noneMatch(pfn -> isDevice(lab, pfn));
        for (int i = 0; i < N; i++) {
          assertThat(lab.mm().load(at + i * DevmemLab.PAGE)).isEqualTo((byte) (i + 1));
        }
        lab.machine.gup().unpinUserPages(forLong, 0, N);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void aPageThatSomebodyElseHoldsCannotMove(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(2)) {
      long at = lab.mapFilled(N);
      lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, N);
      long[] held = pin(lab, at, FollFlag.WRITE, false);

      assertErrno(Errno.EBUSY, () -> pin(lab, at, FollFlag.WRITE | FollFlag.LONGTERM, false));

      assertThat(lab.machine.vmstat().pinAcquired() - lab.machine.vmstat().pinReleased())
          .isEqualTo(N);
      lab.machine.gup().unpinUserPages(held, 0, N);
    }
  }
}
