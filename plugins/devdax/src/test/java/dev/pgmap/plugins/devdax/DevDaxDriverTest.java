package dev.pgmap.plugins.devdax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevDaxDriverTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final DaxDriver driver = new DevDaxPlugin().daxDriver().orElseThrow();

  @Test
  void probeBringsMemoryOnlineThenTheNodeThenTheDeviceToLife() {
    FakeDevice device = new FakeDevice(2 * MIB, PhysRange.ofLength(GIB, GIB));

    driver.probe(device);

    assertThat(device.calls).containsExactly("memremap", "addCdev", "run");
  }

  @ParameterizedTest
  @CsvSource({"4096, 0", "2097152, 9", "1073741824, 18"})
  void structPagesAreCompoundsOfTheAlignment(long align, int shift) {
    FakeDevice device = new FakeDevice(align, PhysRange.ofLength(GIB, GIB));

    driver.probe(device);

    assertThat(device.spec.vmemmapShift()).isEqualTo(shift);
    assertThat(device.spec.type()).isEqualTo(MemoryType.GENERIC);
    assertThat(device.spec.owner()).isNull();
    assertThat(device.file.mappingAlignBytes()).isEqualTo(align);
  }

  @Test
  void aStaticDeviceIsMappedFromItsNamespaceOnWithItsAltmap() {
    FakeDevice device = new FakeDevice(2 * MIB, PhysRange.ofLength(GIB + 2 * MIB, 62 * MIB));
    device.mapped.set(0, PhysRange.ofLength(GIB, 64 * MIB));
    device.altmap = new AltmapSpec(0x40000, 0x43fff, 2, 510);

    driver.probe(device);

    assertThat(device.spec.ranges()).containsExactly(PhysRange.ofLength(GIB, 64 * MIB));
    assertThat(device.spec.altmap()).isEqualTo(device.altmap);
  }

  @Test
  void aDeviceThatItsEntriesCannotMapIsRefusedBeforeAnythingHappens() {
    FakeDevice odd = new FakeDevice(16 * MIB, PhysRange.ofLength(GIB, GIB));
    FakeDevice crooked = new FakeDevice(GIB, PhysRange.ofLength(GIB + 2 * MIB, GIB));

    for (FakeDevice device : new FakeDevice[] {odd, crooked}) {
      assertThatExceptionOfType(MmException.class)
          .isThrownBy(() -> driver.probe(device))
          .matches(e -> e.errno() == Errno.EINVAL);
      assertThat(device.calls).isEmpty();
    }
  }

  @Test
  void theModuleAndItsDriverHaveOneName() {
    assertThat(new DevDaxPlugin().name()).isEqualTo("device_dax");
    assertThat(driver.name()).isEqualTo("device_dax");
  }
}
