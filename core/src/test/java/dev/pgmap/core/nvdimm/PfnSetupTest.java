package dev.pgmap.core.nvdimm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PfnSetupTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  @Test
  void oneGibWithStructPagesInTheDeviceKeeps257536Pages() {
    PfnSetup setup = PfnSetup.compute(4 * GIB, GIB, 2 * MIB, MapLocation.DEV);

    assertThat(setup.dataOffsetBytes()).isEqualTo(18874368);
    assertThat(setup.nrDataPages()).isEqualTo(257536);
    assertThat(setup.endTruncBytes()).isZero();
    assertThat(setup.altmap()).isEqualTo(new AltmapSpec(0x100000, 0x13ffff, 2, 4606));
    assertThat(Objects.requireNonNull(setup.altmap()).offsetPages()).isEqualTo(4608);
  }

  @ParameterizedTest
  @CsvSource({
    // start, bytes, align, map, dataoff, pages
    "0x70000000, 67108864, 2097152, DEV, 2097152, 15872",
    "0x70000000, 67108864, 2097152, MEM, 2097152, 15872",
    "0x70000000, 67108864, 4096, DEV, 2097152, 15872",
    "0x100000000, 17179869184, 2097152, DEV, 270532608, 4128256",
    "0x100000000, 17179869184, 2097152, MEM, 2097152, 4193792",
    "0x400000000, 135291469824, 2097152, DEV, 2116026368, 32513536",
    "0x400000000, 135291469824, 1073741824, DEV, 2147483648, 32505856",
    "0x100000000, 3221225472, 1073741824, MEM, 1073741824, 524288",
  })
  void dataBeginsAfterInfoBlockAndStructPagesAtAMultipleOfTheAlign(
      String start, long bytes, long align, MapLocation map, long dataOffset, long pages) {
    PfnSetup setup = PfnSetup.compute(Long.decode(start), bytes, align, map);

    assertThat(setup.dataOffsetBytes()).isEqualTo(dataOffset);
    assertThat(setup.nrDataPages()).isEqualTo(pages);
    assertThat(setup.dataRange().start() % align).isZero();
    assertThat(setup.altmap() == null).isEqualTo(map == MapLocation.MEM);
  }

  @Test
  void theEndIsCutToAMultipleOfTheAlign() {
    long start = 4 * GIB + 512 * MIB;
    PfnSetup setup = PfnSetup.compute(start, 2 * GIB, GIB, MapLocation.MEM);

    assertThat(setup.dataOffsetBytes()).isEqualTo(512 * MIB);
    assertThat(setup.endTruncBytes()).isEqualTo(512 * MIB);
    assertThat(setup.dataRange()).isEqualTo(PhysRange.ofLength(5 * GIB, GIB));
    assertThat(setup.pagemapRange()).isEqualTo(new PhysRange(start, 6 * GIB - 1));
  }

  @Test
  void aNamespaceThatHasNoRoomForDataIsRefused() {
    assertThatExceptionOfType(MmException.class)
        .isThrownBy(() -> PfnSetup.compute(4 * GIB, GIB, GIB, MapLocation.MEM))
        .matches(e -> e.errno() == Errno.ENXIO)
        .withMessageContaining("no data page is left");
  }

  @Test
  void anotherAlignOrAMisalignedStartIsRefused() {
    assertThatExceptionOfType(MmException.class)
        .isThrownBy(() -> PfnSetup.compute(4 * GIB, GIB, 8192, MapLocation.DEV))
        .matches(e -> e.errno() == Errno.EINVAL)
        .withMessageContaining("4K, 2M or 1G");
    assertThatExceptionOfType(MmException.class)
        .isThrownBy(() -> PfnSetup.compute(4 * GIB + MIB, GIB, 4096, MapLocation.DEV))
        .matches(e -> e.errno() == Errno.EINVAL)
        .withMessageContaining("misaligned");
  }
}
