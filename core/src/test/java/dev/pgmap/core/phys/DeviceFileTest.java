package dev.pgmap.core.phys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.testing.Floors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFileTest {
  private static final long SIZE = 16 * Floors.MIB;
  private static final PhysRange DEVICE = PhysRange.ofLength(64 * Floors.MIB, SIZE);
  private static final long START = DEVICE.start();

  @TempDir Path directory;

  private PhysicalMemory memory = new PhysicalMemory(128 * Floors.MIB);

  @AfterEach
  void close() {
    memory.close();
  }

  private void restart() {
    memory.close();
    memory = new PhysicalMemory(128 * Floors.MIB);
  }

  private Path file(String name, long bytes) throws IOException {
    Path file = directory.resolve(name);
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(bytes);
    }
    return file;
  }

  @Test
  void contentIsThereAfterCloseAndForTheNextMachine() throws Exception {
    Path file = file("pmem0", SIZE);
    memory.attachFile(DEVICE, file);
    memory.storeByte(START, (byte) 1);
    memory.write(START + 5 * 4096 - 2, new byte[] {2, 3, 4, 5}, 0, 4);
    memory.storeByte(DEVICE.end(), (byte) 6);
    restart();
    assertThat(Files.size(file)).isEqualTo(SIZE);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "r")) {
      raw.seek(5 * 4096 - 2);
      assertThat(raw.readInt()).isEqualTo(0x02030405);
    }
    memory.attachFile(DEVICE, file);
    assertThat(memory.loadByte(START)).isEqualTo((byte) 1);
    assertThat(memory.loadByte(START + 5 * 4096)).isEqualTo((byte) 4);
    assertThat(memory.loadByte(DEVICE.end())).isEqualTo((byte) 6);
  }

  @Test
  void aFileIsForOneMachineUntilItIsClosedOrLetsGo() throws Exception {
    Path file = file("pmem0", SIZE);
    memory.attachFile(DEVICE, file);

    try (PhysicalMemory other = new PhysicalMemory(128 * Floors.MIB)) {
      assertThatThrownBy(() -> other.attachFile(DEVICE, file))
          .isInstanceOfSatisfying(
              MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
          .hasMessageContainingAll(file.toString(), "in use by another machine", "make a copy");
      memory.unlockFiles();
      other.attachFile(DEVICE, file);
      assertThatThrownBy(memory::lockFiles).isInstanceOf(MmException.class);
    }

    memory.lockFiles();
    restart();
    memory.attachFile(DEVICE, file);
  }

  @Test
  void holesAreKnownFromTheFileAndStayHoles() throws Exception {
    Path file = file("pmem0", SIZE);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(4 * Floors.MIB + 17);
      raw.write(9);
    }
    memory.attachFile(DEVICE, file);
    assertThat(memory.isAllZero(DEVICE.firstPfn())).isTrue();
    assertThat(memory.isAllZero(DEVICE.firstPfn() + 1024)).isFalse();
    assertThat(memory.isAllZero(DEVICE.endPfn() - 1)).isTrue();
    assertThat(memory.loadByte(START + 4 * Floors.MIB + 17)).isEqualTo((byte) 9);
    long before = allocatedKib(file);
    memory.storeByte(START + 8 * Floors.MIB, (byte) 0);
    memory.read(START, new byte[(int) Floors.MIB], 0, (int) Floors.MIB);
    assertThat(allocatedKib(file)).isEqualTo(before);
  }

  @Test
  void discardPunchesAHole() throws Exception {
    Path file = file("pmem0", SIZE);
    memory.attachFile(DEVICE, file);
    memory.write(START, filled(4 * Floors.MIB), 0, (int) (4 * Floors.MIB));
    memory.discard(PhysRange.ofLength(START + Floors.MIB, 2 * Floors.MIB));
    assertThat(memory.loadByte(START + 2 * Floors.MIB)).isZero();
    assertThat(allocatedKib(file)).isLessThanOrEqualTo(2 * 1024 + 64);
    restart();
    memory.attachFile(DEVICE, file);
    assertThat(memory.loadByte(START + Floors.MIB - 1)).isEqualTo((byte) 0x5a);
    assertThat(memory.loadByte(START + Floors.MIB)).isZero();
    assertThat(memory.loadByte(START + 3 * Floors.MIB)).isEqualTo((byte) 0x5a);
  }

  @Test
  void aWriteThatCrossesTheEndOfADeviceLeavesItsFileAsLongAsItWas() throws Exception {
    Path low = file("pmem0", SIZE);
    Path high = file("pmem1", SIZE);
    memory.attachFile(DEVICE, low);
    memory.attachFile(PhysRange.ofLength(DEVICE.end() + 1, SIZE), high);
    memory.write(DEVICE.end() - 1, new byte[] {1, 2, 3, 4}, 0, 4);
    restart();
    assertThat(Files.size(low)).isEqualTo(SIZE);
    memory.attachFile(PhysRange.ofLength(START, SIZE), high);
    assertThat(memory.loadByte(START)).isEqualTo((byte) 3);
    assertThat(memory.loadByte(START + 1)).isEqualTo((byte) 4);
  }

  @Test
  void memoryBesideTheDeviceIsNotInItsFile() throws Exception {
    Path file = file("pmem0", SIZE);
    memory.attachFile(DEVICE, file);
    memory.storeByte(START - 1, (byte) 1);
    memory.storeByte(DEVICE.end() + 1, (byte) 1);
    assertThat(allocatedKib(file)).isZero();
  }

  @Test
  void aMissingFileSaysHowToMakeIt() {
    assertRefused(Errno.ENOENT, directory.resolve("none"), "truncate -s " + SIZE);
  }

  @Test
  void aDirectoryIsRefused() {
    assertRefused(Errno.EINVAL, directory, "not a regular file");
  }

  @Test
  void aFileOfTheWrongSizeIsRefused() throws Exception {
    assertRefused(Errno.EINVAL, file("short", SIZE - 1), (SIZE - 1) + " bytes");
    assertRefused(Errno.EINVAL, file("long", SIZE + 4096), "expected " + SIZE + " bytes");
    assertRefused(Errno.EINVAL, file("empty", 0), "0 bytes");
  }

  @Test
  void aFileBacksOneDeviceOnlyWhateverItsName() throws Exception {
    Path file = file("pmem0", SIZE);
    memory.attachFile(PhysRange.ofLength(START - SIZE, SIZE), file);
    memory.storeByte(START - SIZE, (byte) 2);
    assertRefused(Errno.EBUSY, file, "a file for each device");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertRefused(Errno.EBUSY, link, "a file for each device");
    assertThat(memory.loadByte(START - SIZE)).isEqualTo((byte) 2);
  }

  @Test
  void aRangeThatIsNotInTheMachineIsRefusedBeforeTheFileIsLookedAt() throws Exception {
    Path file = file("pmem0", SIZE);
    PhysRange half = PhysRange.ofLength(memory.endAddress() - SIZE / 2, SIZE);
    PhysRange beyond = PhysRange.ofLength(memory.endAddress() + SIZE, SIZE);
    assertErrno(Errno.EFAULT, () -> memory.attachFile(half, file));
    assertErrno(Errno.EFAULT, () -> memory.attachFile(beyond, file));
    memory.storeByte(memory.endAddress() - 1, (byte) 1);
    assertThat(allocatedKib(file)).isZero();
  }

  @Test
  void aFileThatCannotBeWrittenIsRefused() throws Exception {
    Path mount = mountTmpfs("size=32m");
    try {
      Path file = mount.resolve("pmem0");
      try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
        made.setLength(SIZE);
      }
      run("mount", "-o", "remount,ro", mount.toString());
      assertRefused(Errno.EPERM, file, "not readable and writable");
    } finally {
      unmount(mount);
    }
  }

  @Test
  void aFullDiskIsAnErrorOfTheStoreAndKeepsWhatWasThere() throws Exception {
    Path mount = mountTmpfs("size=1m");
    try {
      Path file = mount.resolve("pmem0");
      try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
        made.setLength(SIZE);
      }
      memory.attachFile(DEVICE, file);
      byte[] page = filled(4096);
      long at = START;
      while (true) {
        try {
          memory.write(at, page, 0, page.length);
          at += page.length;
        } catch (MmException e) {
          assertThat(e.errno()).isEqualTo(Errno.ENOSPC);
          assertThat(e).hasMessageContaining("pmem0").hasMessageContaining("free disk space");
          break;
        }
      }
      assertThat(at).isGreaterThan(START).isLessThanOrEqualTo(START + Floors.MIB);
      long full = at;
      assertErrno(Errno.ENOSPC, () -> memory.storeByte(full, (byte) 1));
      assertErrno(Errno.ENOSPC, () -> memory.populate(PhysRange.ofLength(full, 4096)));
      assertThat(memory.isAllZero(full >>> 12)).isTrue();
      assertThat(memory.loadByte(full)).isZero();
      memory.storeByte(full, (byte) 0);
      memory.storeByte(START, (byte) 2);
      memory.discard(PhysRange.ofLength(START + 4096, 4096));
      memory.storeByte(full, (byte) 3);
      assertThat(memory.loadByte(full)).isEqualTo((byte) 3);
      restart();
    } finally {
      unmount(mount);
    }
  }

  private void assertRefused(Errno errno, Path file, String text) {
    assertThatThrownBy(() -> memory.attachFile(DEVICE, file))
        .isInstanceOfSatisfying(MmException.class, e -> assertThat(e.errno()).isEqualTo(errno))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(text);
    memory.storeByte(START, (byte) 1);
    assertThat(memory.loadByte(START)).as("plain memory still").isEqualTo((byte) 1);
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MmException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private static byte[] filled(long bytes) {
    byte[] page = new byte[(int) bytes];
    Arrays.fill(page, (byte) 0x5a);
    return page;
  }

  private static long allocatedKib(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    try (BufferedReader out = stat.inputReader()) {
      return Long.parseLong(out.readLine()) / 2;
    }
  }

  private Path mountTmpfs(String options) throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "pgmap-test", mount.toString()),
        "needs the right to mount a small tmpfs");
    return mount;
  }

  private void unmount(Path mount) throws Exception {
    memory.close();
    memory = new PhysicalMemory(8192);
    assertThat(run("umount", mount.toString())).isTrue();
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
