package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What can be written to the sysfs files of dax regions and devices, and what each of them refuses.
 * Region 2 has 256 MiB at 4 GiB, all of it in dax2.0; dax0.0 is the device of a namespace.
 */
class DaxAttributeScenariosTest {
  private static final String DAX = "/sys/bus/dax/devices/";
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @AfterEach
  void close() {
    fixture.assertSound();
    fixture.close();
  }

  private void write(String value, String file) {
    fixture.run("echo %s > %s%s".formatted(value, DAX, file));
  }

  private void refuses(String errno, String value, String file) {
    String before = fixture.run("daxctl list -RDMi");
    fixture.run("expect %s sh -c 'echo %s > %s%s'".formatted(errno, value, DAX, file));
    assertThat(fixture.run("daxctl list -RDMi")).as("%s to %s", value, file).isEqualTo(before);
  }

  private String read(String file) {
    return fixture.run("cat " + DAX + file).strip();
  }

  /** dax2.0 with 64 MiB and no driver, dax2.1 without memory. */
  private void seed() {
    fixture.run("daxctl disable-device dax2.0");
    write("67108864", "dax2.0/size");
    write("1", "dax2.0/dax_region/create");
  }

  @Test
  void aDeviceIsMadeSizedAndDeletedByHand() {
    seed();
    assertThat(read("dax2.1/size")).isEqualTo("0");
    write("134217728", "dax2.1/size");
    assertThat(read("dax2.1/mapping0/start")).isEqualTo("0x104000000");
    assertThat(read("dax2.0/dax_region/available_size")).isEqualTo("67108864");
    write("dax2.1", "../drivers/device_dax/bind");
    fixture.run("gup_test -f /dev/dax2.1 -m 64 -S -n 512");
    write("dax2.1", "../drivers/device_dax/unbind");
    write("0", "dax2.1/size");
    write("dax2.1", "dax2.0/dax_region/delete");
    assertThat(fixture.run("ls " + DAX)).contains("dax2.0").doesNotContain("dax2.1");
    assertThat(read("dax2.0/dax_region/available_size")).isEqualTo("201326592");
  }

  @Test
  void mappingsAreAddedInTheOrderOfTheirWriting() {
    seed();
    write("108000000-109ffffff", "dax2.1/mapping");
    write("0x106000000-0x107ffffff", "dax2.1/mapping");
    assertThat(read("dax2.1/size")).isEqualTo("67108864");
    assertThat(read("dax2.1/mapping0/start")).isEqualTo("0x108000000");
    assertThat(read("dax2.1/mapping1/start")).isEqualTo("0x106000000");
    assertThat(read("dax2.1/mapping1/page_offset")).isEqualTo("0x2000");
    refuses("ENOMEM", "108000000-109ffffff", "dax2.1/mapping");
    refuses("ENOMEM", "100000000-101ffffff", "dax2.1/mapping");
    refuses("ENOMEM", "110000000-111ffffff", "dax2.1/mapping");
    refuses("ENXIO", "10a000000-10a000fff", "dax2.1/mapping");
    refuses("ENOMEM", "10a001000-10a200fff", "dax2.1/mapping");
    refuses("EINVAL", "10a000000", "dax2.1/mapping");
    refuses("EINVAL", "10b000000-10a000000", "dax2.1/mapping");
  }

  @ParameterizedTest
  @CsvSource({
    // create: one value, and only where a byte is left
    "EINVAL, 2, dax2.0/dax_region/create",
    "EINVAL, one, dax2.0/dax_region/create",
    // delete: never device 0, never one that is not there
    "EBUSY, dax2.0, dax2.0/dax_region/delete",
    "ENXIO, dax2.7, dax2.0/dax_region/delete",
    "ENXIO, dax0.0, dax2.0/dax_region/delete",
    // size: whole units of the align, and no more than there is
    "EINVAL, 1048576, dax2.0/size",
    "EINVAL, -1, dax2.0/size",
    "EINVAL, much, dax2.0/size",
    "ENOSPC, 1073741824, dax2.0/size",
    // align: what a page table has an entry for, and what all ranges are multiples of
    "EINVAL, 8192, dax2.0/align",
    "EINVAL, 0, dax2.0/align",
    "EINVAL, 1073741824, dax2.0/align"
  })
  void whatDoesNotFitIsRefusedAndChangesNothing(String errno, String value, String file) {
    seed();
    refuses(errno, value, file);
  }

  @Test
  void nothingChangesUnderADriver() {
    refuses("EBUSY", "0", "dax2.0/size");
    refuses("EBUSY", "4096", "dax2.0/align");
    refuses("EBUSY", "104000000-105ffffff", "dax2.0/mapping");
    refuses("ENOSPC", "1", "dax2.0/dax_region/create");
    fixture.run("daxctl reconfigure-device -s 64M dax2.0");
    fixture.run("daxctl create-device -r 2 -s 64M");
    refuses("EBUSY", "dax2.1", "dax2.0/dax_region/delete");
    fixture.run("daxctl disable-device dax2.1");
    refuses("EBUSY", "dax2.1", "dax2.0/dax_region/delete");
  }

  @Test
  void alignIsChangedWhereTheRangesFit() {
    seed();
    write("4096", "dax2.0/align");
    assertThat(read("dax2.0/align")).isEqualTo("4096");
    write("2097152", "dax2.0/align");
    fixture.run("daxctl enable-device dax2.0");
    fixture.run("gup_test -f /dev/dax2.0 -m 64 -S -n 512");
  }

  @Test
  void theDeviceOfANamespaceHasNothingToWriteTo() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    for (String file : new String[] {"size", "align"}) {
      refuses("EPERM", "0", "dax0.0/" + file);
    }
    assertThat(fixture.run("ls " + DAX + "dax0.0")).doesNotContain("mapping\n");
    assertThat(fixture.run("ls " + DAX + "dax0.0/dax_region"))
        .doesNotContain("create", "delete", "seed", "available_size");
    refuses("ENOENT", "1", "dax0.0/dax_region/create");
  }

  @Test
  void aDeviceWithoutMemoryOrWithoutADriverOfThatNameIsNotBound() {
    seed();
    refuses("ENXIO", "dax2.1", "../drivers/device_dax/bind");
    refuses("ENXIO", "dax9.9", "../drivers/device_dax/bind");
    refuses("EINVAL", "dax2.0", "../drivers/kmem/bind");
  }
}
