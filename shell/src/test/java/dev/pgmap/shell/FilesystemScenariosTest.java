package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A DAX file system as a person at the console uses it. */
class FilesystemScenariosTest {
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @BeforeEach
  void mountedFileSystem() {
    fixture.run("ndctl create-namespace -m fsdax -r 0");
    assertThat(fixture.run("mkfs.dax -L lab /dev/pmem0"))
        .startsWith("pmem0: file system of type dax, 15872 blocks of 4096 bytes\n")
        .contains("label 'lab'", "reflink=1, rmapbt=1");
    fixture.run("mount -o dax /dev/pmem0 /mnt");
  }

  @AfterEach
  void unmountedFileSystemIsClean() {
    if (!fixture.run("mount").isEmpty()) {
      fixture.run("umount /mnt");
    }
    assertThat(fixture.run("fsck.dax /dev/pmem0")).isEqualTo("/dev/pmem0: clean\n");
    fixture.close();
  }

  @Test
  void ndctlListsTheBlockDevice() {
    assertThat(fixture.run("ndctl list -r 0"))
        .contains(
            "\"mode\":\"fsdax\"",
            "\"map\":\"dev\"",
            "\"sector_size\":512",
            "\"blockdev\":\"pmem0\"");
    assertThat(fixture.run("ls /dev")).contains("pmem0\n");
    assertThat(fixture.run("mount")).isEqualTo("/dev/pmem0 on /mnt type dax (rw,dax=always)\n");
    assertThat(fixture.run("lsmod")).contains("2 pmem0,/mnt");
  }

  @Test
  void filesAreWrittenReadMovedAndRemoved() {
    fixture.run("echo hello > /mnt/a; echo world >> /mnt/a; mkdir -p /mnt/d/e; mv /mnt/a /mnt/d");
    assertThat(fixture.run("cat /mnt/d/a")).isEqualTo("hello\nworld\n");
    assertThat(fixture.run("cp /mnt/d/a /mnt/b; ln /mnt/b /mnt/c; ls -l /mnt"))
        .isEqualTo(
            "-rw-r--r--   2 root root           12 b\n"
                + "-rw-r--r--   2 root root           12 c\n"
                + "drwxr-xr-x   1 root root         4096 d\n");
    assertThat(fixture.run("stat /mnt/b")).contains("Size: 12", "regular file", "Links: 2");
    fixture.run("rm /mnt/b /mnt/c; rm -f /mnt/nothing; rm -r /mnt/d; sync");
    assertThat(fixture.run("ls /mnt")).isEmpty();
  }

  @Test
  void filefragShowsExtentsAsTheOriginalDoes() {
    fixture.run("fallocate -l 4M /mnt/big; echo x > /mnt/small; cp --reflink /mnt/small /mnt/copy");
    assertThat(fixture.run("filefrag -v /mnt/big"))
        .isEqualTo(
            "File size of /mnt/big is 4194304 (1024 blocks of 4096 bytes)\n"
                + " ext:     logical_offset:        physical_offset: length:   expected: flags:\n"
                + "   0:        0..    1023:        512..       1535:   1024:            "
                + "last,unwritten,eof\n"
                + "/mnt/big: 1 extent found\n");
    assertThat(fixture.run("filefrag -v /mnt/copy")).contains("last,shared,eof");
    fixture.run("fallocate -p -o 1M -l 1M /mnt/big");
    assertThat(fixture.run("filefrag /mnt/big")).isEqualTo("/mnt/big: 2 extents found\n");
    assertThat(fixture.run("df")).contains("/dev/pmem0           63488");
  }

  @Test
  void whatIsWrongIsSaidWithItsErrno() {
    fixture.run("echo x > /mnt/a; mkdir /mnt/d");
    assertThat(fixture.fail(Exit.FAILED, "rm /mnt/b")).contains("-ENOENT");
    assertThat(fixture.fail(Exit.FAILED, "rm /mnt/d")).contains("-EISDIR");
    assertThat(fixture.fail(Exit.FAILED, "rm /etc/passwd")).contains("-EROFS");
    assertThat(fixture.fail(Exit.FAILED, "mkdir /mnt/a/b")).contains("-ENOTDIR");
    assertThat(fixture.fail(Exit.FAILED, "fallocate -l 1G /mnt/a")).contains("-ENOSPC");
    assertThat(fixture.fail(Exit.FAILED, "mount /dev/pmem0 /other")).contains("-EBUSY");
    assertThat(fixture.fail(Exit.FAILED, "mkfs.dax /dev/pmem0")).contains("-EBUSY");
    assertThat(fixture.fail(Exit.FAILED, "fsck.dax /dev/pmem0")).contains("-EBUSY");
    assertThat(fixture.fail(Exit.FAILED, "mount /dev/pmem7 /other")).contains("-ENOENT");
    assertThat(fixture.fail(Exit.FAILED, "umount /other")).contains("-EINVAL");
    assertThat(fixture.fail(Exit.FAILED, "rmmod nd_pmem")).contains("-EBUSY", "/mnt");
    assertThat(fixture.fail(Exit.USAGE, "mount /dev/pmem0 /proc/x")).contains("/proc");
    assertThat(fixture.fail(Exit.USAGE, "mkfs.ext4 -m reflink=1 /dev/pmem0")).contains("ext4: 0");
    assertThat(fixture.fail(Exit.FAILED, "ndctl disable-namespace namespace0.0"))
        .contains("-EBUSY", "umount /mnt");
  }

  @Test
  void unbindingTheDriverTakesTheMountedFileSystemDown() {
    fixture.run("echo kept > /mnt/a");
    fixture.run("echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind");
    assertThat(fixture.fail(Exit.FAILED, "ls /mnt")).contains("-EIO");
    assertThat(fixture.run("dmesg")).contains("pmem0: forced shutdown");
    fixture.run("umount /mnt; echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/bind");
    fixture.run("mount /dev/pmem0 /mnt");
    assertThat(fixture.run("cat /mnt/a")).isEqualTo("kept\n");
  }

  @Test
  void mkfsUnderTheNamesOfOthersMakesTheSameWithTheirFeatures() {
    fixture.run("umount /mnt");
    assertThat(fixture.run("mkfs.ext4 -q /dev/pmem0; mount -t ext4 -o dax /dev/pmem0 /mnt; mount"))
        .isEqualTo("/dev/pmem0 on /mnt type ext4 (rw,dax=always)\n");
    fixture.run("echo x > /mnt/a");
    assertThat(fixture.fail(Exit.FAILED, "cp --reflink /mnt/a /mnt/b")).contains("-EOPNOTSUPP");
    fixture.run("cp --reflink=auto /mnt/a /mnt/b; umount /mnt");
    assertThat(fixture.run("mkfs.xfs -m reflink=0,rmapbt=1 /dev/pmem0"))
        .contains("(as xfs)", "reflink=0, rmapbt=1");
  }
}
