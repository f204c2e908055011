package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pgmap.core.machine.Era;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is measured is what is meant: the right compounds, entries and counts. */
class MappedDeviceTest {
  @ParameterizedTest
  @CsvSource({
    "5.10, 4K, 0, false", "5.10, 2M, 0, true", "5.10, 1G, 0, false",
    "6.1, 4K, 0, true", "6.1, 2M, 9, false", "6.1, 1G, 18, true",
    "7.2, 4K, 0, false", "7.2, 2M, 9, true", "7.2, 1G, 18, false"
  })
  void allPagesArePinnedAndUnpinned(String era, String page, int order, boolean inDevice) {
    PageSize size = PageSize.of(page);
    long bytes = Math.max(size.bytes(), PageSize.SIZE_2M.bytes());
    try (MappedDevice device = MappedDevice.open(Era.named(era), size, bytes, inDevice)) {
      long[] pfns = new long[device.nrPages()];

      device.pinAll(pfns, 100);

      assertThat(device.pgmap().vmemmapShift()).isEqualTo(order);
      assertThat(device.pgmap().altmap() != null).isEqualTo(inDevice);
      assertThat(pfns[0]).isEqualTo(device.firstPfn());
      assertThat(pfns[pfns.length - 1]).isEqualTo(device.firstPfn() + pfns.length - 1);
      device.checkPins(1);
      assertThatIllegalStateException().isThrownBy(() -> device.checkPins(0));
      device.unpinAll(pfns);
      device.checkPins(0);
      assertThatIllegalStateException().isThrownBy(() -> device.checkPins(1));
    }
  }
}
