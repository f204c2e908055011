package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceScenariosTest {
  private static final String UUID = "208e5985-ccba-4ac9-98f5-016171219a20";
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @AfterEach
  void close() {
    fixture.run("check --idle");
    fixture.close();
  }

  @Test
  void createPrintsWhatNdctlPrints() {
    assertThat(fixture.run("ndctl create-namespace -m devdax -a 2M -M dev -r 0 -u " + UUID))
        .isEqualTo(
            """
            {
              "dev":"namespace0.0",
              "mode":"devdax",
              "map":"dev",
              "size":65011712,
              "uuid":"208e5985-ccba-4ac9-98f5-016171219a20",
              "daxregion":{
                "id":0,
                "size":65011712,
                "align":2097152,
                "devices":[
                  {
                    "chardev":"dax0.0",
                    "size":65011712,
                    "target_node":0,
                    "align":2097152,
                    "mode":"devdax"
                  }
                ]
              },
              "align":2097152
            }
            """);
  }

  @Test
  void listPrintsWhatNdctlPrints() {
    fixture.run("ndctl create-namespace -m devdax -a 4K -M dev -r region0 --uuid=" + UUID);
    assertThat(fixture.run("ndctl list -RNuX -r region0"))
        .isEqualTo(
            """
            {
              "regions":[
                {
                  "dev":"region0",
                  "size":"64.00 MiB (67.11 MB)",
                  "align":"16.00 MiB (16.78 MB)",
                  "available_size":0,
                  "max_available_extent":0,
                  "type":"pmem",
                  "persistence_domain":"unknown",
                  "namespaces":[
                    {
                      "dev":"namespace0.0",
                      "mode":"devdax",
                      "map":"dev",
                      "size":"62.00 MiB (65.01 MB)",
                      "uuid":"208e5985-ccba-4ac9-98f5-016171219a20",
                      "daxregion":{
                        "id":0,
                        "size":"62.00 MiB (65.01 MB)",
                        "align":4096,
                        "devices":[
                          {
                            "chardev":"dax0.0",
                            "size":"62.00 MiB (65.01 MB)",
                            "target_node":0,
                            "align":4096,
                            "mode":"devdax"
                          }
                        ]
                      },
                      "align":4096
                    }
                  ]
                }
              ]
            }
            """);
    assertThat(fixture.run("ndctl list")).startsWith("[\n  {\n    \"dev\":\"namespace0.0\"");
    assertThat(fixture.run("ndctl list -D")).isEmpty();
  }

  @Test
  void iomemShowsTheNamespaceAndItsDevice() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.run("cat /proc/iomem"))
        .contains(
            """
            70000000-73ffffff : Persistent Memory (legacy)
              70000000-701fffff : namespace0.0
              70200000-73ffffff : dax0.0
            74000000-7fffffff : System RAM
            """);
  }

  @Test
  void disablesEnablesAndDestroys() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.fail(Exit.FAILED, "ndctl destroy-namespace namespace0.0"))
        .contains("destroyed 0 namespaces\n", "-EBUSY");
    fixture.run("ndctl disable-namespace namespace0.0");
    assertThat(fixture.lastErr()).isEqualTo("disabled 1 namespace\n");
    assertThat(fixture.run("ndctl list")).isEmpty();
    assertThat(fixture.run("ndctl list -i")).contains("\"state\":\"disabled\"");
    fixture.run("ndctl enable-namespace all");
    assertThat(fixture.lastErr()).isEqualTo("enabled 1 namespace\n");
    fixture.run("ndctl create-namespace -f -e namespace0.0 -a 4K -M mem");
    assertThat(fixture.run("ndctl list")).contains("\"map\":\"mem\"", "\"align\":4096");
    fixture.run("ndctl destroy-namespace -f namespace0.0");
    assertThat(fixture.lastErr()).isEqualTo("destroyed 1 namespace\n");
    assertThat(fixture.run("ndctl list -i")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2; ndctl; found no subcommand, expected one of create-namespace",
        "2; ndctl lst; lst",
        "2; ndctl create-namespace -m devdax -s 12Q; found '12Q'",
        "2; ndctl create-namespace -m devdax -s 0; found '0'",
        "2; ndctl create-namespace -m devdax -a 12X; found '12X'",
        "2; ndctl create-namespace -m devdax --uuid=1-2; found '1-2'",
        "2; ndctl create-namespace -m devdax -r regionX; found 'regionX'",
        "2; ndctl create-namespace -m devdax --bogus; unknown option '--bogus'",
        "1; ndctl create-namespace -m sector; -EOPNOTSUPP",
        "1; ndctl create-namespace -m bogus; -EINVAL",
        "1; ndctl create-namespace -m devdax -M bogus; -EINVAL",
        "1; ndctl create-namespace -m devdax -a 8K; -EINVAL",
        "1; ndctl create-namespace -m devdax -s 17M; -EINVAL",
        "1; ndctl create-namespace -m devdax -s 1T; -ENOSPC",
        "1; ndctl create-namespace -m devdax -r 7; -ENXIO",
        "1; ndctl destroy-namespace namespace9.9; -ENXIO",
        "2; ndctl destroy-namespace; Missing required parameter",
        "1; daxctl destroy-device dax9.9; -ENXIO",
        "1; daxctl reconfigure-device -m famfs dax2.0; -EINVAL"
      })
  void refusesInOneLine(int exitCode, String line, String message) {
    String before = fixture.run("ndctl list -iRN; daxctl list -iRD; cat /proc/iomem");
    assertThat(fixture.fail(exitCode, line)).contains(message);
    assertThat(fixture.run("ndctl list -iRN; daxctl list -iRD; cat /proc/iomem")).isEqualTo(before);
  }

  @Test
  void daxctlManagesADynamicRegion() {
    assertThat(fixture.run("daxctl list -R"))
        .contains("\"id\":2", "\"size\":268435456", "\"available_size\":0");
    fixture.run("daxctl disable-device dax2.0; daxctl reconfigure-device -s 64M dax2.0");
    assertThat(fixture.lastErr()).contains("disabled 1 device\n", "reconfigured 1 device\n");
    assertThat(fixture.run("daxctl create-device -r 2 -s 32M"))
        .contains("\"chardev\":\"dax2.1\"", "\"size\":33554432");
    assertThat(fixture.lastErr()).isEqualTo("created 1 device\n");
    assertThat(fixture.run("daxctl list -M -d dax2.1"))
        .contains("\"page_offset\":0", "\"start\":4362076160");
    assertThat(fixture.fail(Exit.FAILED, "daxctl destroy-device dax2.1")).contains("-EBUSY");
    fixture.run("daxctl destroy-device -f dax2.1");
    assertThat(fixture.lastErr()).isEqualTo("destroyed 1 device\n");
    assertThat(fixture.run("daxctl list -R")).contains("\"available_size\":201326592");
  }

  @Test
  void sysfsFilesShowAndControlDevices() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.run("ls /sys/bus/dax/devices")).isEqualTo("dax0.0\ndax2.0\n");
    assertThat(fixture.run("cat /sys/bus/dax/devices/dax0.0/resource /sys/bus/dax/devices/*/size"))
        .isEqualTo("0x70200000\n65011712\n268435456\n");
    fixture.run("echo dax0.0 > /sys/bus/dax/drivers/device_dax/unbind");
    assertThat(fixture.run("ls /dev")).doesNotContain("dax0.0");
    fixture.run("echo dax0.0 > /sys/bus/dax/drivers/device_dax/bind");
    assertThat(fixture.run("ls /dev")).contains("dax0.0");
    assertThat(fixture.fail(Exit.FAILED, "echo 1 > /proc/iomem")).contains("-EPERM");
    assertThat(fixture.fail(Exit.FAILED, "echo 1 > /proc/bogus")).contains("-ENOENT");
    assertThat(fixture.fail(Exit.FAILED, "cat /proc")).contains("a directory", "-EINVAL");
    assertThat(fixture.fail(Exit.FAILED, "cat /dev/dax0.0")).contains("a device", "-EINVAL");
    assertThat(fixture.fail(Exit.FAILED, "cat nothing")).contains("-ENOENT");
  }

  @Test
  void pluginsComeAndGo() {
    assertThat(fixture.run("lsmod"))
        .startsWith("Module                  Size  Used by\ndevice_dax ")
        .contains("  1 dax2.0\n");
    assertThat(fixture.run("cat /proc/modules")).matches("(?s)device_dax \\d+ 1 - Live 0x0+\n.*");
    assertThat(fixture.fail(Exit.FAILED, "rmmod device_dax")).contains("-EBUSY", "dax2.0");
    fixture.run("daxctl disable-device dax2.0; rmmod device_dax");
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.run("ls /dev")).isEqualTo("null\nshm\nzero\n");
    assertThat(fixture.run("modinfo devdax")).contains("name:           device_dax\n", "Available");
    fixture.run("insmod devdax");
    assertThat(fixture.run("ls /dev")).contains("dax0.0");
    assertThat(fixture.fail(Exit.FAILED, "insmod devdax")).contains("-EEXIST");
    assertThat(fixture.fail(Exit.FAILED, "insmod /no/such.jar")).contains("-ENOENT");
    assertThat(fixture.fail(Exit.FAILED, "rmmod bogus")).contains("-ENOENT");
  }
}
