package dev.pgmap.plugins.fsdax.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.api.fs.MountedFilesystem;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the file system does for those who use it, and what the engine hears of it. */
class DaxFsTest {
  private static final int PAGE = 4096;
  private static final long HUGE = 2L << 20;
  private static final int WRITE_FAULT = IomapOps.WRITE | IomapOps.FAULT;

  private final DaxFs type = new DaxFs();
  private final TestDisk disk = new TestDisk(16 << 20);
  private final TestHost host = new TestHost();
  private MountedFilesystem fs = fresh("dax", true, true);

  private MountedFilesystem fresh(String flavour, boolean reflink, boolean reverseMap) {
    type.format(disk, new FormatOptions(flavour, "", new UUID(1, 2), reflink, reverseMap));
    fs = type.mount(disk, host);
    return fs;
  }

  @AfterEach
  void isSound() {
    assertThat(type.check(disk)).isEmpty();
  }

  private static void fails(
      Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    MmException refused = catchThrowableOfType(MmException.class, call);
    assertThat(refused).as("a failure with " + errno).isNotNull();
    assertThat(refused.errno()).isEqualTo(errno);
  }

  private void write(String path, long pos, String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (FsFile file = fs.open(path, true)) {
      file.write(pos, bytes, 0, bytes.length);
    }
  }

  private String text(String path) {
    try (FsFile file = fs.open(path, false)) {
      byte[] bytes = new byte[(int) file.sizeBytes()];
      assertThat(file.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
      return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private TestHost.Mapping mapping(FsFile file) {
    return Objects.requireNonNull(host.mappings.get(file.ino()));
  }

  private void remount() {
    fs.unmount();
    host.mappings.clear();
    fs = type.mount(disk, host);
  }

  @Test
  void whatWasWrittenIsThereAfterTheNextMount() {
    fs.mkdir("d");
    write("d/a", 0, "hello");
    write("d/a", 5, " world");
    remount();

    assertThat(fs.list("")).containsExactly("d");
    assertThat(text("d/a")).isEqualTo("hello world");
    assertThat(fs.stat("d/a").blocks()).isEqualTo(1);
  }

  @Test
  void namesThatAreWrongAreRefusedWithTheirErrno() {
    write("file", 0, "x");
    fs.mkdir("d");
    write("d/x", 0, "x");
    fails(Errno.ENOENT, () -> fs.open("nothing", false));
    fails(Errno.ENOENT, () -> fs.open("nothing/x", true));
    fails(Errno.ENOTDIR, () -> fs.open("file/x", true));
    fails(Errno.ENOTDIR, () -> fs.list("file"));
    fails(Errno.EISDIR, () -> fs.open("d", false));
    fails(Errno.EISDIR, () -> fs.unlink("d"));
    fails(Errno.ENOTDIR, () -> fs.rmdir("file"));
    fails(Errno.ENOTEMPTY, () -> fs.rmdir("d"));
    fails(Errno.EEXIST, () -> fs.mkdir("d"));
    fails(Errno.EEXIST, () -> fs.link("file", "d"));
    fails(Errno.EPERM, () -> fs.link("d", "e"));
    fails(Errno.EBUSY, () -> fs.rmdir(""));
    fails(Errno.ENAMETOOLONG, () -> fs.mkdir("n".repeat(256)));
    fails(Errno.EINVAL, () -> fs.open("d//b", true));
    fails(Errno.EINVAL, () -> fs.open("..", true));
    fails(Errno.EINVAL, () -> fs.rename("d", "d/inside"));
    fails(Errno.ENOTDIR, () -> fs.rename("d", "file"));
    fails(Errno.EISDIR, () -> fs.rename("file", "d"));
    fs.mkdir("e");
    fails(Errno.ENOTEMPTY, () -> fs.rename("e", "d"));
    fs.mkdir("n".repeat(255));
    assertThat(text("file")).isEqualTo("x");
  }

  @Test
  void aRenameReplacesWhatWasThere() {
    write("a", 0, "new");
    write("b", 0, "old");
    long free = fs.space().freeBytes();
    fs.rename("a", "b");

    assertThat(fs.list("")).containsExactly("b");
    assertThat(text("b")).isEqualTo("new");
    assertThat(fs.space().freeBytes()).isEqualTo(free + 2 * PAGE);
  }

  @Test
  void aDirectoryMovesWithWhatIsInIt() {
    fs.mkdir("d");
    write("d/x", 0, "x");
    fs.mkdir("e");
    fs.rename("d", "e/d");
    remount();

    assertThat(text("e/d/x")).isEqualTo("x");
    fails(Errno.EINVAL, () -> fs.rename("e", "e/d/e"));
  }

  @Test
  void aFileWithTwoNamesGoesWithTheSecond() {
    long free = fs.space().freeBytes();
    write("a", 0, "x");
    fs.link("a", "b");
    fs.unlink("a");
    remount();

    assertThat(text("b")).isEqualTo("x");
    fs.unlink("b");
    assertThat(fs.space().freeBytes()).isEqualTo(free - PAGE);
  }

  @Test
  void manyNamesNeedManyBlocksOfADirectory() {
    fs.mkdir("d");
    for (int i = 0; i < 100; i++) {
      fs.open("d/" + "n".repeat(200) + i, true).close();
    }
    remount();

    assertThat(fs.list("d")).hasSize(100);
    assertThat(fs.stat("d").sizeBytes()).isGreaterThan(4 * PAGE);
    fs.list("d").forEach(name -> fs.unlink("d/" + name));
    fs.rmdir("d");
  }

  @Test
  void aFileOfTwoMebibytesIsOneExtentThatAPmdEntryCanMap() {
    try (FsFile file = fs.open("big", true)) {
      file.fallocate(0, 2 * HUGE, false);

      assertThat(file.fiemap()).hasSize(1);
      Iomap extent = file.fiemap().getFirst();
      assertThat(extent.type()).isEqualTo(Iomap.Type.UNWRITTEN);
      assertThat(disk.physicalPfn(extent.deviceOffset()) % 512).isZero();
    }
  }

  @Test
  void unwrittenBlocksReadAsZeroesAndBecomeDataByAWriteFault() {
    Arrays.fill(disk.content(), 8 << 20, 16 << 20, (byte) 0x55);
    try (FsFile file = fs.open("big", true)) {
      file.fallocate(0, 4 * HUGE, false);
      byte[] bytes = new byte[PAGE];
      file.read(3 * HUGE, bytes, 0, PAGE);
      assertThat(bytes).containsOnly(0);

      IomapOps ops = mapping(file).iomap;
      assertThat(ops.begin(3 * HUGE, HUGE, IomapOps.FAULT).type()).isEqualTo(Iomap.Type.UNWRITTEN);
      Iomap mapped = ops.begin(3 * HUGE, HUGE, WRITE_FAULT);
      assertThat(mapped.type()).isEqualTo(Iomap.Type.MAPPED);
      assertThat(mapped.has(Iomap.F_NEW | Iomap.F_DIRTY)).isTrue();
      assertThat(mapped.length()).isEqualTo(HUGE);
      int at = (int) mapped.deviceOffsetOf(3 * HUGE);
      assertThat(Arrays.copyOfRange(disk.content(), at, at + PAGE)).containsOnly(0);
      ops.syncMetadata();
      assertThat(ops.begin(3 * HUGE, HUGE, WRITE_FAULT).flags()).isZero();
    }
  }

  @Test
  void aWriteFaultInAHoleAllocatesAndItsBlocksSurviveAnFsync() {
    try (FsFile file = fs.open("sparse", true)) {
      file.truncate(4 * PAGE);
      IomapOps ops = mapping(file).iomap;
      assertThat(ops.begin(PAGE, PAGE, IomapOps.FAULT).type()).isEqualTo(Iomap.Type.HOLE);
      Iomap mapped = ops.begin(PAGE, PAGE, WRITE_FAULT);
      assertThat(mapped.length()).isEqualTo(PAGE);
      disk.content()[(int) mapped.deviceOffsetOf(PAGE + 7)] = 'x';
      file.fsync();
      assertThat(mapping(file).calls).contains("writeback");
    }
    remount();
    assertThat(text("sparse").charAt(PAGE + 7)).isEqualTo('x');
    assertThat(fs.stat("sparse").blocks()).isEqualTo(1);
  }

  @Test
  void truncationWaitsForPinsThenRemovesEntriesThenFreesBlocks() {
    long free = fs.space().freeBytes();
    try (FsFile file = fs.open("a", true)) {
      file.fallocate(0, 64 * PAGE, false);
      file.truncate(10 * PAGE + 1);

      assertThat(mapping(file).calls).containsSubsequence("breakLayout", "deleteRange 11");
      assertThat(file.fiemap().getFirst().length()).isEqualTo(11 * PAGE);
      file.truncate(0);
    }
    fs.unlink("a");
    assertThat(fs.space().freeBytes()).isEqualTo(free - PAGE);
  }

  @Test
  void whatIsCutOffReadsAsZeroesWhenTheFileGrowsAgain() {
    write("a", 0, "hello world");
    try (FsFile file = fs.open("a", false)) {
      file.truncate(5);
      file.truncate(11);
    }
    assertThat(text("a")).isEqualTo("hello\0\0\0\0\0\0");
  }

  @Test
  void aPunchedHoleReadsAsZeroesAndKeepsTheSize() {
    write("a", 0, "x".repeat(4 * PAGE));
    try (FsFile file = fs.open("a", false)) {
      file.punchHole(PAGE - 2, 2L * PAGE);
      assertThat(file.fiemap()).hasSize(2);
    }
    String text = text("a");
    assertThat(text).hasSize(4 * PAGE);
    assertThat(text.substring(0, PAGE - 2)).containsOnlyOnce("x".repeat(PAGE - 2));
    assertThat(text.substring(PAGE - 2, 3 * PAGE - 2)).isEqualTo("\0".repeat(2 * PAGE));
    assertThat(text.substring(3 * PAGE - 2)).isEqualTo("x".repeat(PAGE + 2));
  }

  @Test
  void aWriteThatMovesBlocksTellsTheEngineToForgetEntries() {
    try (FsFile file = fs.open("a", true)) {
      file.truncate(4 * PAGE);
      write("a", PAGE, "x");
      assertThat(mapping(file).calls).contains("invalidate 1 1");
      mapping(file).calls.clear();
      write("a", PAGE + 1, "y");
      assertThat(mapping(file).calls).isEmpty();
    }
  }

  @Test
  void aFileThatDoesNotFitLeavesThingsAsTheyWere() {
    write("a", 0, "x");
    long free = fs.space().freeBytes();
    try (FsFile file = fs.open("a", false)) {
      fails(Errno.ENOSPC, () -> file.fallocate(0, 1L << 30, false));
      fails(Errno.EFBIG, () -> file.truncate(1L << 50));
      fails(Errno.EINVAL, () -> file.truncate(-1));
      fails(Errno.EINVAL, () -> file.punchHole(0, 0));
      assertThat(file.sizeBytes()).isEqualTo(1);
    }
    assertThat(fs.space().freeBytes()).isEqualTo(free);
  }

  @Test
  void aFullFileSystemCanBeEmptiedAgain() {
    long free = fs.space().freeBytes();
    try (FsFile file = fs.open("a", true)) {
      byte[] chunk = new byte[PAGE];
      MmException full =
          catchThrowableOfType(
              MmException.class,
              () -> {
                for (long pos = 0; ; pos += PAGE) {
                  file.write(pos, chunk, 0, PAGE);
                }
              });
      assertThat(full.errno()).isEqualTo(Errno.ENOSPC);
      assertThat(fs.space().freeBytes()).isZero();
      fails(Errno.ENOSPC, () -> fs.mkdir("d"));
      file.truncate(0);
    }
    fs.unlink("a");
    assertThat(fs.space().freeBytes()).isEqualTo(free - PAGE);
  }

  @Test
  void aDeletedFileLivesUntilItIsClosedAndUnmapped() {
    long free = fs.space().freeBytes();
    FsFile file = fs.open("a", true);
    file.fallocate(0, 8L * PAGE, false);
    TestHost.Mapping mapping = mapping(file);
    mapping.mapped = true;
    fs.unlink("a");
    file.close();
    assertThat(mapping.calls).doesNotContain("evict");
    fails(Errno.EBUSY, () -> fs.unmount());

    mapping.mapped = false;
    mapping.iomap.lastUnmap();
    assertThat(mapping.calls).endsWith("evict");
    assertThat(fs.space().freeBytes()).isEqualTo(free - PAGE);
    fs.unmount();
    fails(Errno.EIO, () -> fs.list(""));
  }

  @Test
  void unmountingIsRefusedWhileAFileIsOpenAndEvictsTheOthers() {
    FsFile file = fs.open("a", true);
    TestHost.Mapping mapping = mapping(file);
    fails(Errno.EBUSY, () -> fs.unmount());
    file.close();
    fails(Errno.EBADF, () -> file.truncate(0));
    fs.unmount();
    assertThat(mapping.calls).endsWith("evict");
  }

  @Test
  void aClonedFileSharesBlocksUntilOneOfThemIsWritten() {
    write("a", 0, "x".repeat(3 * PAGE));
    long free = fs.space().freeBytes();
    fs.open("b", true).close();
    fs.cloneRange("a", 0, "b", 0, 0);
    assertThat(fs.space().freeBytes()).isEqualTo(free - PAGE);
    write("b", PAGE, "y");

    assertThat(text("a")).isEqualTo("x".repeat(3 * PAGE));
    assertThat(text("b")).isEqualTo("x".repeat(PAGE) + "y" + "x".repeat(2 * PAGE - 1));
    assertThat(fs.space().freeBytes()).isEqualTo(free - 2 * PAGE);
    remount();
    try (FsFile file = fs.open("b", false)) {
      assertThat(file.fiemap()).hasSize(3);
      assertThat(file.fiemap().get(0).has(Iomap.F_SHARED)).isTrue();
      assertThat(file.fiemap().get(1).has(Iomap.F_SHARED)).isFalse();
    }
    fs.unlink("a");
    assertThat(text("b")).startsWith("x".repeat(PAGE) + "yx");
  }

  @Test
  void aWriteFaultOfASharedBlockGetsACopyThatEndsTheSharing() {
    write("a", 0, "x".repeat(PAGE));
    fs.open("b", true).close();
    fs.cloneRange("a", 0, "b", 0, 0);
    try (FsFile file = fs.open("b", false)) {
      IomapOps ops = mapping(file).iomap;
      assertThat(ops.begin(0, PAGE, IomapOps.FAULT).has(Iomap.F_SHARED)).isTrue();
      long free = fs.space().freeBytes();
      Iomap dropped = ops.begin(0, PAGE, WRITE_FAULT);
      ops.end(0, PAGE, 0, WRITE_FAULT, dropped);
      assertThat(fs.space().freeBytes()).isEqualTo(free);

      Iomap copy = ops.begin(0, PAGE, WRITE_FAULT);
      assertThat(Objects.requireNonNull(copy.source()).deviceOffset())
          .isNotEqualTo(copy.deviceOffset());
      disk.content()[(int) copy.deviceOffset()] = 'z';
      ops.end(0, PAGE, PAGE, WRITE_FAULT, copy);
      assertThat(ops.begin(0, PAGE, WRITE_FAULT).source()).isNull();
    }
    assertThat(text("a")).startsWith("xx");
    assertThat(text("b")).startsWith("z");
  }

  @Test
  void sharingIsRefusedWhereTheKernelOrTheFormatForbidsIt() {
    write("a", 0, "x".repeat(PAGE));
    write("b", 0, "y");
    fails(Errno.EINVAL, () -> fs.cloneRange("a", 1, "b", 0, PAGE));
    fails(Errno.EINVAL, () -> fs.cloneRange("a", 0, "b", 0, 2L * PAGE));
    fails(Errno.EINVAL, () -> fs.cloneRange("a", 0, "a", 0, PAGE));
    host.sharedBlocks = false;
    fails(Errno.EOPNOTSUPP, () -> fs.cloneRange("a", 0, "b", 0, 0));
    host.sharedBlocks = true;
    fresh("ext4", false, false);
    write("a", 0, "x");
    write("b", 0, "y");
    fails(Errno.EOPNOTSUPP, () -> fs.cloneRange("a", 0, "b", 0, 0));
    assertThat(fs.typeName()).isEqualTo("ext4");
  }

  @Test
  void memoryFailureFindsEveryFileThatSharesTheBlock() {
    write("a", 0, "x".repeat(3 * PAGE));
    fs.open("b", true).close();
    fs.cloneRange("a", PAGE, "b", 4L * PAGE, PAGE);
    HolderOps holder = Objects.requireNonNull(host.holder);
    try (FsFile a = fs.open("a", false);
        FsFile b = fs.open("b", false)) {
      long at = b.fiemap().getFirst().deviceOffset();

      assertThat(holder.notifyFailure(at, PAGE, 0)).isZero();
      assertThat(mapping(a).calls).endsWith("killProcs 1 1");
      assertThat(mapping(b).calls).endsWith("killProcs 4 1");
      assertThat(holder.notifyFailure(disk.bytes(), PAGE, 0)).isEqualTo(-Errno.ENXIO.number());
    }
  }

  @Test
  void memoryFailureInMetadataShutsTheFileSystemDown() {
    HolderOps holder = Objects.requireNonNull(host.holder);

    assertThat(holder.notifyFailure(0, PAGE, 0)).isEqualTo(-Errno.EUCLEAN.number());
    fails(Errno.EIO, () -> fs.open("a", true));
    assertThat(host.log).anyMatch(line -> line.contains("forced shutdown"));
    fs.unmount();
  }

  @Test
  void aDeviceThatGoesKillsEveryMappingAndShutsTheFileSystemDown() {
    FsFile file = fs.open("a", true);
    file.fallocate(PAGE, 3L * PAGE, false);
    HolderOps holder = Objects.requireNonNull(host.holder);

    assertThat(holder.notifyFailure(0, Long.MAX_VALUE, HolderOps.MF_MEM_PRE_REMOVE)).isZero();
    assertThat(mapping(file).calls).contains("killProcs 1 3");
    fails(Errno.EIO, () -> file.truncate(5));
    fails(Errno.EIO, () -> mapping(file).iomap.begin(0, PAGE, WRITE_FAULT));
    file.close();
    fs.unmount();
  }

  @Test
  void withoutAReverseMapFailureTakesTheGenericWayAndExt4TakesNoHolder() {
    fresh("xfs", true, false);
    assertThat(Objects.requireNonNull(host.holder).notifyFailure(8 << 20, PAGE, 0))
        .isEqualTo(-Errno.EOPNOTSUPP.number());
    host.holder = null;
    fresh("ext4", false, false);
    assertThat(host.holder).isNull();
  }

  @Test
  void formattingRefusesWhatItCannotDo() {
    UUID id = new UUID(1, 2);
    fails(
        Errno.ENOSPC,
        () -> type.format(new TestDisk(PAGE * 255), new FormatOptions("dax", "", id, true, true)));
    fails(Errno.EINVAL, () -> type.format(disk, new FormatOptions("btrfs", "", id, true, true)));
    fails(
        Errno.EINVAL,
        () -> type.format(disk, new FormatOptions("dax", "x".repeat(17), id, true, true)));
    assertThat(type.format(disk, new FormatOptions("xfs", "lab", id, true, true)))
        .isEqualTo(
            List.of(
                "pmem0: file system of type dax (as xfs), 4096 blocks of 4096 bytes",
                "uuid %s, label 'lab', journal of 66 blocks".formatted(id),
                "reflink=1, rmapbt=1"));
  }
}
