package dev.pgmap.plugins.fsdax.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.plugins.fsdax.format.DirectoryImage;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import dev.pgmap.plugins.fsdax.format.Medium;
import dev.pgmap.plugins.fsdax.format.Superblock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is damaged is reported, once and clearly, and never trusted. */
class DamageTest {
  private static final int BLOCK = 4096;
  private static final int DISK_BYTES = 2 << 20;

  private final DaxFs type = new DaxFs();
  private final TestDisk disk = new TestDisk(DISK_BYTES);
  private long fileIno;
  private long directoryIno;
  private long otherIno;

  @BeforeEach
  void fileSystemWithAFragmentedFile() {
    type.format(disk, new FormatOptions("dax", "", new UUID(3, 4), false, true));
    MountedFilesystem fs = type.mount(disk, new TestHost());
    fs.mkdir("d");
    directoryIno = fs.stat("d").ino();
    try (FsFile file = fs.open("d/holes", true);
        FsFile other = fs.open("other", true)) {
      fileIno = file.ino();
      otherIno = other.ino();
      byte[] page = new byte[BLOCK];
      for (int i = 0; i < 180; i++) {
        file.write(2L * i * BLOCK, page, 0, 1);
      }
      other.write(0, "data".getBytes(StandardCharsets.UTF_8), 0, 4);
    }
    fs.unmount();
    assertThat(type.check(disk)).isEmpty();
  }

  private MmException mountFails(byte[] image) {
    TestDisk damaged = new TestDisk(image);
    MmException refused =
        catchThrowableOfType(MmException.class, () -> type.mount(damaged, new TestHost()));
    assertThat(refused).as("a mount of a damaged file system").isNotNull();
    assertThat(type.check(damaged)).isNotEmpty();
    assertThat(damaged.content()).isEqualTo(image);
    return refused;
  }

  /** Every block of metadata that is in use, but for the journal. */
  private List<Long> metadata() {
    Medium medium = new Medium(disk);
    Superblock superblock = Superblock.read(medium);
    List<Long> blocks = new ArrayList<>(List.of(0L));
    for (long ino : List.of(superblock.root(), directoryIno, fileIno, otherIno)) {
      InodeImage inode = InodeImage.read(medium, ino, superblock);
      blocks.add(ino);
      blocks.addAll(inode.chain());
      if (inode.isDirectory()) {
        inode.extents().forEach(extent -> blocks.add(extent.block()));
      }
    }
    return blocks;
  }

  @Test
  void aFlippedBitInAnyBlockOfMetadataIsReported() {
    long seed = System.nanoTime();
    System.out.println("DamageTest seed " + seed);
    Random random = new Random(seed);
    List<Long> blocks = metadata();
    assertThat(blocks).hasSize(8);
    for (long block : blocks) {
      for (int i = 0; i < 40; i++) {
        byte[] image = disk.content().clone();
        int at = (int) block * BLOCK + random.nextInt(BLOCK);
        image[at] ^= (byte) (1 << random.nextInt(8));
        assertThat(mountFails(image).errno())
            .as("byte %d of block %d", at % BLOCK, block)
            .isIn(block == 0 ? List.of(Errno.EINVAL, Errno.EUCLEAN) : List.of(Errno.EUCLEAN));
      }
    }
  }

  @Test
  void aBlockOfAnotherPlaceOrOfAnOlderFileSystemIsReported() {
    byte[] swapped = disk.content().clone();
    System.arraycopy(disk.content(), (int) otherIno * BLOCK, swapped, (int) fileIno * BLOCK, BLOCK);
    assertThat(mountFails(swapped)).hasMessageContaining("block number");

    byte[] older = disk.content().clone();
    type.format(disk, new FormatOptions("dax", "", new UUID(5, 6), false, true));
    System.arraycopy(older, BLOCK, disk.content(), BLOCK, DISK_BYTES - BLOCK);
    mountFails(disk.content().clone());
  }

  @Test
  void bothJournalHeadersMustBeBrokenBeforeTheJournalIs() {
    byte[] one = disk.content().clone();
    one[BLOCK + 100] ^= 1;
    assertThat(type.check(new TestDisk(one.clone()))).isEmpty();

    one[2 * BLOCK + 100] ^= 1;
    assertThat(mountFails(one)).hasMessageContaining("journal").hasMessageContaining("EUCLEAN");
  }

  @Test
  void aDeviceWithoutAFileSystemIsNoneAndSaysWhatToDo() {
    assertThat(mountFails(new byte[DISK_BYTES]))
        .hasMessageContaining("wrong fs type")
        .hasMessageContaining("mkfs.dax /dev/pmem0");
  }

  @Test
  void structuresThatAreWellSealedButWrongAreReportedToo() {
    Medium medium = new Medium(disk);
    Superblock superblock = Superblock.read(medium);
    long id = superblock.filesystemId();
    InodeImage file = InodeImage.read(medium, fileIno, superblock);
    Extent first = file.extents().getFirst();

    assertForged(
        fileIno, with(file, 1, file.extents(), List.of(directoryIno)).encode(id), "extent map");
    assertForged(fileIno, with(file, 2, file.extents(), file.chain()).encode(id), "2 links");
    assertForged(
        fileIno,
        with(file, 1, List.of(new Extent(0, directoryIno, 1, false)), List.of()).encode(id),
        "belongs to inode");
    assertForged(
        fileIno,
        with(file, 1, List.of(first, new Extent(5, first.block(), 1, false)), List.of()).encode(id),
        "belongs to inode");
    assertForged(
        fileIno,
        with(file, 1, List.of(new Extent(0, 1, 1, false)), List.of()).encode(id),
        "extent of 1 blocks from 1");
    assertForged(
        fileIno,
        with(file, 1, List.of(new Extent(0, 511, 9, false)), List.of()).encode(id),
        "extent of 9 blocks");
    assertForged(
        fileIno,
        with(file, 1, List.of(new Extent(9, first.block(), 1, false), first), List.of()).encode(id),
        "file pages in order");
    InodeImage directory = InodeImage.read(medium, directoryIno, superblock);
    long page = directory.extents().getFirst().block();
    assertForged(
        page,
        DirectoryImage.encode(
            page, directoryIno, id, Map.of("holes", fileIno, "up", superblock.root())),
        "its second");
    assertForged(
        page, DirectoryImage.encode(page, directoryIno, id, Map.of("a/b", fileIno)), "without /");
    assertForged(
        page, DirectoryImage.encode(page, directoryIno, id, Map.of("x", page)), "inode at block");
  }

  private static InodeImage with(
      InodeImage file, int links, List<Extent> extents, List<Long> chain) {
    return new InodeImage(file.ino(), false, links, file.sizeBytes(), extents, chain);
  }

  private void assertForged(long block, byte[] content, String message) {
    byte[] image = disk.content().clone();
    System.arraycopy(content, 0, image, (int) block * BLOCK, BLOCK);
    assertThat(mountFails(image)).hasMessageContaining(message).hasMessageContaining("EUCLEAN");
  }
}
