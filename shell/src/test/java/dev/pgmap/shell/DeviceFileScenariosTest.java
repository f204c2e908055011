package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Device files that are full or gone, at the console. */
class DeviceFileScenariosTest {
  private static final long MIB = 1L << 20;
  private static final String STATE =
      "ndctl list -iRND; daxctl list -iRDM; cat /proc/iomem /proc/meminfo /proc/vmstat; ls /dev;"
          + " ps; era; dmesg";

  @TempDir private Path directory;

  private static MachineSpec onFile(Path file) throws IOException {
    try (RandomAccessFile device = new RandomAccessFile(file.toFile(), "rw")) {
      device.setLength(64 * MIB);
    }
    return new MachineSpec(
        2,
        MachineSpec.ramOf(256 * MIB),
        List.of(new MachineSpec.Pmem(PhysRange.ofLength(1L << 32, 64 * MIB), file)),
        List.of(),
        4,
        Era.V7_2);
  }

  private static void refused(ShellFixture fixture, String line, String... parts) {
    String before = fixture.run(STATE);
    assertThat(fixture.fail(Exit.FAILED, line)).as(line).contains(parts).hasLineCount(1);
    assertThat(fixture.run(STATE)).as(line).isEqualTo(before);
    fixture.run("check --idle");
  }

  @Test
  void aFullDiskFailsTheCommandThatNeedsSpaceAndNothingElse() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "pgmap-test", mount.toString()),
        "needs the right to mount a small tmpfs");
    try (ShellFixture fixture = new ShellFixture(onFile(mount.resolve("pmem")), false)) {
      fixture.run("ndctl create-namespace -m devdax -s 16M -M dev");
      String[] parts = {"device file " + mount, "free disk space", "(-ENOSPC)"};
      refused(fixture, "ndctl create-namespace -m devdax -s 48M -M dev -a 4K", parts);
      refused(fixture, "zdtool touch /dev/dax0.0 12M", parts);
      refused(fixture, "zdtool touch /dev/dax0.0 2M", parts);
      refused(fixture, "ndctl create-namespace -m devdax -s 16M -M dev -a 4K", parts);
      fixture.run("gup_test -S -f /dev/dax0.0 -m 12 -a -n 512");

      fixture.run("ndctl destroy-namespace -f namespace0.0");
      fixture.run("check --idle; ndctl create-namespace -m devdax -s 16M -M dev");
      refused(fixture, "ndctl create-namespace -f -e namespace0.0 -a 1G", "(-ENXIO)");
    } finally {
      assertThat(run("umount", mount.toString())).isTrue();
    }
  }

  @Test
  void filesWrittenAreThereAfterAnotherBootAndForTheNextSession() throws Exception {
    Path file = directory.resolve("pmem");
    MachineSpec spec = onFile(file);
    try (ShellFixture fixture = new ShellFixture(spec, false)) {
      fixture.run("ndctl create-namespace -m fsdax; mkfs.dax /dev/pmem0");
      fixture.run("mount -o dax /dev/pmem0 /mnt; echo first > /mnt/a");
      fixture.run("truncate -s 1M /mnt/mapped; gup_test -S -w -f /mnt/mapped -m 1");
      String blocks = fixture.run("stat /mnt/mapped");
      fixture.run("era 6.12; mount -o dax /dev/pmem0 /mnt");
      assertThat(fixture.run("stat /mnt/mapped")).contains("Blocks: 2048").isEqualTo(blocks);
      assertThat(fixture.run("cat /mnt/a")).isEqualTo("first\n");
      fixture.run("echo second > /mnt/b");
    }
    try (ShellFixture fixture = new ShellFixture(spec, false)) {
      fixture.run("mount -o dax /dev/pmem0 /mnt");
      assertThat(fixture.run("cat /mnt/a /mnt/b")).isEqualTo("first\nsecond\n");
      fixture.run("umount /mnt; fsck.dax /dev/pmem0");
    }
  }

  @Test
  void aMachineWhoseFileIsGoneStaysWhenItCannotBeBootedAgain() throws Exception {
    Path file = directory.resolve("pmem");
    try (ShellFixture fixture = new ShellFixture(onFile(file), false)) {
      fixture.run("ndctl create-namespace -m devdax -s 16M");
      Files.delete(file);
      refused(fixture, "era 6.1", file + ": no such file", "truncate -s 67108864", "(-ENOENT)");
      Files.write(file, new byte[4096]);
      refused(fixture, "era 6.1", file + ": 4096 bytes, expected 67108864", "(-EINVAL)");
      fixture.run("zdtool touch /dev/dax0.0 4M");
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
