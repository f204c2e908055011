package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input: one message of one line, an exit code or errno, and the machine as it was. */
class BadInputTest {
  private static final String STATE =
      "ndctl list -iRND; daxctl list -iRDM; cat /proc/iomem /proc/meminfo /proc/vmstat; lsmod;"
          + " ls /dev; ls /sys/bus/dax/devices; ps; jobs; era; page 0x70200 512; dmesg -l warn";

  private static final String CONSTRAINTS = "META-INF/pgmap/constraints.properties";
  private static final String CONTENT =
      """
      module=device_dax
      description=a copy
      api=API
      types=GENERIC
      shifts=0,9,18
      eras=*
      mode=devdax
      """;

  @TempDir private Path directory;
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @BeforeEach
  void createNamespaces() {
    fixture.run("ndctl create-namespace -m devdax -r 0 -s 32M; dmesg -c");
    fixture.run("ndctl create-namespace -m devdax -r 0 -s 32M -a 4K");
  }

  @AfterEach
  void close() {
    fixture.run("check --idle");
    fixture.close();
  }

  private void refused(int exitCode, String line, String... parts) {
    String before = fixture.run(STATE);
    assertThat(fixture.fail(exitCode, line)).as(line).contains(parts).hasLineCount(1);
    assertThat(fixture.run(STATE)).as(line).isEqualTo(before);
    fixture.assertSound();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "bogus; bogus: no such command",
        "ndctl bogus; unexpected argument 'bogus'",
        "ndctl list --bogus; unknown option '--bogus'",
        "gup_test -Q; unknown option '-Q'",
        "ndctl create-namespace -m devdax -s 12Q; found '12Q', expected a number of bytes",
        "ndctl create-namespace -m devdax -s 1.5G; found '1.5G', expected a number of bytes",
        "ndctl create-namespace -m devdax -s -1; found '-1', expected a number of bytes",
        "ndctl create-namespace -m devdax -s 99999999999999999999G; expected a number of bytes",
        "gup_test -m 12Q; -m: found '12Q', expected a number from 1 to 8388608",
        "gup_test -n 0 -S -f /dev/dax0.0; -n: found '0', expected a number of pages that is not",
        "gup_test -n 99999999999999999999; expected a number from -2147483648 to 4294967295",
        "gup_test -r -1 -S -f /dev/dax0.0; -r: found '-1'",
        "page 0x70200 0; found '0', expected a number from 1 to 4096"
      })
  void wrongWordsAndNumbersAreUsageErrors(String line, String message) {
    refused(Exit.USAGE, line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ndctl create-namespace -m devdax -s 4097; size 0x1001 is misaligned; did you intend"
            + " --size=16M? (-EINVAL)",
        "ndctl create-namespace -m devdax -a 3M; 3145728 bytes, expected 4K, 2M or 1G; (-EINVAL)",
        "ndctl create-namespace -f -e namespace0.0 -s 17M; misaligned; (-EINVAL)",
        "daxctl create-device -r 2 -s 3M; 3145728; (-EINVAL)",
        "gup_test -S -f /dev/dax0.0 -m 3; expected a multiple of the align 0x200000; (-EINVAL)",
        "zdtool touch /dev/dax0.0 3; expected a multiple of the align 0x200000; (-EINVAL)"
      })
  void misalignedSizesAreInvalid(String line, String message, String errno) {
    refused(Exit.FAILED, line, message, errno);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ndctl create-namespace -m devdax -r 0 -s 16M; 16777216 bytes asked for, the largest free"
            + " extent has 0 bytes",
        "ndctl create-namespace -m devdax -r 0; no space",
        "ndctl create-namespace -f -e namespace0.0 -s 48M; no space",
        "daxctl create-device -r 2 -s 2M; 2097152 bytes"
      })
  void namespacesCannotOverlap(String line, String message) {
    refused(Exit.FAILED, line, message, "(-ENOSPC)");
  }

  @Test
  void aUuidOfAnotherNamespaceIsInvalid() {
    String uuid = "208e5985-ccba-4ac9-98f5-016171219a20";
    fixture.run("ndctl create-namespace -m devdax -r 1 -s 64M -u " + uuid);
    refused(
        Exit.FAILED,
        "ndctl create-namespace -m devdax -r 1 -s 64M -u " + uuid,
        uuid + ", which namespace1.0 has",
        "(-EINVAL)");
  }

  @ParameterizedTest
  @CsvSource({"5.10", "6.1", "7.2"})
  void aNamespaceInUseStays(String era) {
    fixture.run("era " + era);
    createNamespaces();
    fixture.run("zdtool hold-vmsplice /dev/dax0.0 2M 60 & sleep 0.3");
    for (String command : new String[] {"destroy-namespace", "create-namespace -s 16M -e"}) {
      String before = fixture.run(STATE);
      assertThat(fixture.fail(Exit.FAILED, "ndctl " + command + " namespace0.0"))
          .contains("namespace0.0 is active, specify --force for re-configuration (-EBUSY)");
      assertThat(fixture.run(STATE)).isEqualTo(before).contains("Running", "zdtool");
    }
    refused(Exit.FAILED, "rmmod device_dax", "dax0.0", "(-EBUSY)");
    fixture.run("kill %1; wait %1");
  }

  @Test
  void gupTestNeedsAFileThatCanBeMapped() {
    refused(Exit.FAILED, "gup_test -S -f /dev/dax9.0", "no such device node", "(-ENOENT)");
    refused(Exit.FAILED, "gup_test -f /proc/iomem", "no such device node", "(-ENOENT)");
    refused(Exit.FAILED, "gup_test -f /dev/dax0.0 -m 2", "map it MAP_SHARED (-EINVAL)");
    fixture.run("daxctl disable-device dax0.0");
    String line = "gup_test -S -f /dev/dax0.0 -m 2";
    String before = fixture.run("cat /proc/iomem /proc/meminfo /proc/vmstat; ls /dev");
    assertThat(fixture.fail(Exit.FAILED, line))
        .contains("only while a driver is bound: see daxctl list, lsmod (-ENOENT)")
        .hasLineCount(1);
    assertThat(fixture.run("cat /proc/iomem /proc/meminfo /proc/vmstat; ls /dev"))
        .isEqualTo(before);
  }

  @Test
  void gupTestOfMoreThanTheDeviceHasIsKilledAndLeavesNoMapping() {
    String free = fixture.run("cat /proc/meminfo /proc/vmstat");
    assertThat(fixture.fail(Exit.FAILED, "gup_test -S -f /dev/dax0.0 -m 64"))
        .startsWith("gup_test: SIGBUS: store of address 0x7f")
        .contains("/dev/dax0.0 at page 7680", "(-EFAULT)")
        .hasLineCount(1);
    assertThat(fixture.run("cat /proc/meminfo /proc/vmstat; ps")).startsWith(free);
    fixture.run("check --idle");
  }

  @Test
  void badPluginJarsAreRefused() throws IOException {
    Path good = fixture.session.lab().host().info("devdax").path();
    byte[] whole = Files.readAllBytes(good);
    String cut = path("cut.jar", Arrays.copyOf(whole, whole.length / 2));
    refused(Exit.FAILED, "insmod " + cut, "expected a whole, unbroken jar", "(-ENOEXEC)");
    refused(Exit.FAILED, "modinfo " + cut, "expected a whole, unbroken jar", "(-ENOEXEC)");
    String missing = directory.resolve("missing.jar").toString();
    refused(Exit.FAILED, "insmod " + missing, "no such file, expected a plugin", "(-ENOENT)");
    refused(Exit.FAILED, "insmod nothing", "module nothing: no such plugin in", "(-ENOENT)");
    refused(Exit.FAILED, "insmod " + directory, "a directory", "(-EINVAL)");
    String text = path("text.jar", new byte[] {'h', 'i'});
    refused(Exit.FAILED, "insmod " + text, "cannot be read as a jar", "(-ENOEXEC)");
    refused(Exit.FAILED, "rmmod nothing", "not loaded", "(-ENOENT)");
    String noPlugin = changed(good, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n");
    refused(Exit.FAILED, "insmod " + noPlugin, "Plugin-Id is missing", "(-ENOEXEC)");
    String other = changed(good, CONSTRAINTS, CONTENT.replace("API", ">=9.0.0"));
    refused(Exit.FAILED, "insmod " + other, "a range that has this api, 1.0.0", "(-ENOEXEC)");
    String same = changed(good, CONSTRAINTS, CONTENT.replace("API", ">=1.0.0"));
    refused(Exit.FAILED, "insmod " + same, "rmmod device_dax first", "(-EEXIST)");
  }

  /** A copy of a jar in which one entry is another. */
  private String changed(Path jar, String entry, String content) throws IOException {
    Path copy = directory.resolve("changed.jar");
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
      for (ZipEntry each : Collections.list(from.entries())) {
        to.putNextEntry(new ZipEntry(each.getName()));
        if (each.getName().equals(entry)) {
          to.write(content.getBytes(StandardCharsets.UTF_8));
        } else {
          from.getInputStream(each).transferTo(to);
        }
      }
    }
    return copy.toString();
  }

  private String path(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }

  @Test
  void aLineOfTenMegabytesIsRefused() {
    refused(Exit.USAGE, "echo " + "x".repeat(10 << 20), "found a line of 10485765 characters");
  }

  @Test
  @Timeout(20)
  void aLineOfOneMebibyteIsReadInNoTime() {
    refused(Exit.USAGE, "y".repeat(1 << 20), "no such command");
    refused(Exit.USAGE, "gup_test '" + "y".repeat(1 << 19) + "'", "page: found 'yyy");
    refused(Exit.USAGE, "gup_test \"" + "y".repeat(1 << 19) + "\"", "page: found 'yyy");
  }
}
