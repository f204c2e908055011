package dev.pgmap.core.devmem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.testing.DevmemLab;
import dev.pgmap.core.testing.EachEra;

/** What a device reads, writes and migrates through its mirror. */
class MirrorTest {
  private static final int N = 8;

  @EachEra
  void readsWhatTheTaskWrote(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(N);
      long buffer = lab.mm().mmap(null, N * DevmemLab.PAGE, 0, false, true);

      long[] words = lab.command(device, MirrorCommand.READ, at, N, buffer);

      assertThat(words[MirrorCommand.CPAGES]).isEqualTo(N);
      assertThat(words[MirrorCommand.FAULTS]).isEqualTo(1);
      assertThat(lab.mm().load(buffer + 3 * DevmemLab.PAGE)).isEqualTo((byte) 4);
    }
  }

  @EachEra
  void migratedPagesComeBackWhenACpuTouchesThem(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(N);

      long[] words = lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, N);

      assertThat(words[MirrorCommand.CPAGES]).isEqualTo(N);
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at))).isTrue();
      for (int i = 0; i < N / 2; i++) {
        assertThat(lab.mm().load(at + i * DevmemLab.PAGE)).isEqualTo((byte) (i + 1));
      }
      assertThat(lab.driver.faultsBack).hasValue(N / 2);
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at))).isFalse();
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at + 7 * DevmemLab.PAGE))).isTrue();
      assertThat(lab.memory(0).allocated() - lab.memory(0).returned()).isEqualTo(N / 2);
    }
  }

  @EachEra
  void aChildSharesWhatTheDeviceHas(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(N);
      lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, N);

      Task child = lab.task.fork();
      lab.mm().store(at, (byte) 99);

      assertThat(child.mm().load(at)).isEqualTo((byte) 1);
      assertThat(child.mm().load(at + DevmemLab.PAGE)).isEqualTo((byte) 2);
      assertThat(lab.mm().load(at)).isEqualTo((byte) 99);
      child.exit();
    }
  }

  @EachEra
  void holesAndTheZeroPageMoveAsPagesOfZeroes(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mm().mmap(null, N * DevmemLab.PAGE, 0, false, true);
      lab.mm().load(at);

      lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, N);

      assertThat(SwapEntry.isDevicePrivate(lab.entry(at))).isTrue();
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at + DevmemLab.PAGE))).isTrue();
      assertThat(lab.mm().load(at)).isZero();
      assertThat(lab.mm().load(at + DevmemLab.PAGE)).isZero();
    }
  }
}
