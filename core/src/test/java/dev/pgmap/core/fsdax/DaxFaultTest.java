package dev.pgmap.core.fsdax;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.phys.AllocFaults.Site;
import dev.pgmap.core.testing.EachEra;
import org.junit.jupiter.api.AfterEach;

/** Faults of DAX files: sizes, holes, ends of files, and what makes a large fault a small one. */
class DaxFaultTest {
  private static final long PMD = FsDaxLab.PMD_PAGES;
  private static final long PMD_BYTES = 2 * FsDaxLab.MIB;

  private FsDaxLab lab;

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  @EachEra
  void anAlignedExtentIsMappedByOnePmd(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD).mapped(0, PMD, PMD));
    FsDaxLab.Mapped mapped = lab.map(file, PMD);

    mapped.write(7);

    assertThat(mapped.entryBytes(0)).isEqualTo(PMD_BYTES);
    assertThat(mapped.pfn(511)).isEqualTo(FsDaxLab.PFN + PMD + 511);
    assertThat(file.nrPages()).isEqualTo(PMD);
    boolean folio = lab.context.policies().association().equals(Association.FOLIOS);
    assertThat(lab.order(FsDaxLab.PFN + PMD)).isEqualTo(folio ? 9 : 0);
  }

  @EachEra
  void whatIsWrittenThroughAMappingLandsInTheBlocks(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(3).mapped(0, 3, 20)), 3);

    mapped.task.mm().store(mapped.address(2) + 9, (byte) 77);

    byte[] there = new byte[1];
    lab.bytes().read(22 * FsDaxLab.PAGE + 9, there, 0, 1);
    assertThat(there[0]).isEqualTo((byte) 77);
    assertThat(mapped.pfn(2)).isEqualTo(FsDaxLab.PFN + 22);
  }

  @EachEra
  void anUnalignedExtentFallsBackToPtes(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(PMD).mapped(0, PMD, 5)), PMD);
    mapped.write(7);
    assertThat(mapped.entryBytes(7)).isEqualTo(FsDaxLab.PAGE);
  }

  @EachEra
  void anExtentThatEndsInTheBlockFallsBackToPtes(String era) {
    lab = new FsDaxLab(era);
    ExtentList extents = new ExtentList(PMD).mapped(0, 100, PMD).mapped(100, PMD - 100, 3 * PMD);
    FsDaxLab.Mapped mapped = lab.map(lab.file(extents), PMD);
    mapped.write(7);
    assertThat(mapped.entryBytes(7)).isEqualTo(FsDaxLab.PAGE);
    mapped.write(200);
    assertThat(mapped.pfn(200)).isEqualTo(FsDaxLab.PFN + 3 * PMD + 100);
  }

  @EachEra
  void aFileThatEndsInTheBlockFallsBackToPtes(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(PMD - 1).mapped(0, PMD, 0)), PMD);
    mapped.write(7);
    assertThat(mapped.entryBytes(7)).isEqualTo(FsDaxLab.PAGE);
  }

  @EachEra
  void smallEntriesWinOverALargeOne(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD).mapped(0, PMD, PMD));
    FsDaxLab.Mapped small = lab.map(file, 4);
    small.write(1);

    FsDaxLab.Mapped large = lab.map(file, PMD);
    large.write(1);

    assertThat(large.entryBytes(1)).isEqualTo(FsDaxLab.PAGE);
    assertThat(large.pfn(1)).isEqualTo(small.pfn(1));
    assertThat(file.nrPages()).isEqualTo(1);
  }

  @EachEra
  void aLargeEntryServesFaultsOfSinglePagesToo(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD).mapped(0, PMD, PMD));
    lab.map(file, PMD).write(0);

    FsDaxLab.Mapped small = lab.map(file, 4);
    small.write(3);

    assertThat(small.entryBytes(3)).isEqualTo(FsDaxLab.PAGE);
    assertThat(small.pfn(3)).isEqualTo(FsDaxLab.PFN + PMD + 3);
    assertThat(file.nrPages()).isEqualTo(PMD);
    small.unmap();
  }

  @EachEra
  void beyondTheEndOfTheFileIsSigbus(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(2).mapped(0, 2, 0)), 4);
    mapped.write(1);
    assertThatThrownBy(() -> mapped.write(2)).isInstanceOf(TaskSignal.class);
    assertThatThrownBy(() -> mapped.read(3)).isInstanceOf(TaskSignal.class);
  }

  @EachEra
  void aHoleIsReadFromTheZeroPageAndWrittenToANewBlock(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(4).allocatingFrom(8));
    FsDaxLab.Mapped reader = lab.map(file, 4);
    FsDaxLab.Mapped writer = lab.map(file, 4);

    assertThat(reader.read(2)).isZero();
    long zeroPfn = reader.pfn(2);
    assertThat(zeroPfn).isLessThan(FsDaxLab.PFN);
    assertThat(file.nrPages()).isEqualTo(1);

    writer.write(2);
    assertThat(writer.pfn(2)).isEqualTo(FsDaxLab.PFN + 8);
    assertThat(reader.pfn(2)).as("the zero page was unmapped").isEqualTo(-1);
    assertThat(reader.read(2)).isEqualTo((byte) 1);
    assertThat(reader.pfn(2)).isEqualTo(FsDaxLab.PFN + 8);
    assertThat(file.nrPages()).isEqualTo(1);
  }

  @EachEra
  void aHugeHoleIsReadFromTheHugeZeroPageAndGivesWayToWrites(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD).allocatingFrom(8));
    FsDaxLab.Mapped mapped = lab.map(file, PMD);

    assertThat(mapped.read(100)).isZero();
    assertThat(mapped.entryBytes(0)).isEqualTo(PMD_BYTES);
    assertThat(file.nrPages()).isEqualTo(PMD);

    mapped.write(100);
    assertThat(mapped.entryBytes(100)).isEqualTo(FsDaxLab.PAGE);
    assertThat(mapped.pfn(100)).isGreaterThan(FsDaxLab.PFN);
    assertThat(file.nrPages()).as("the entry of 512 pages became one of one page").isEqualTo(1);
    assertThat(mapped.read(101)).isZero();
  }

  @EachEra
  void unwrittenBlocksReadAsAHole(String era) {
    lab = new FsDaxLab(era);
    lab.bytes().write(0, new byte[] {9}, 0, 1);
    ExtentList extents = new ExtentList(1).put(Iomap.Type.UNWRITTEN, 0, 1, 0, 0);
    FsDaxLab.Mapped mapped = lab.map(lab.file(extents), 1);
    assertThat(mapped.read(0)).isZero();
    assertThat(mapped.pfn(0)).isNotEqualTo(FsDaxLab.PFN);
  }

  @EachEra
  void aReadMapsWithoutTheRightToWriteAndAWriteGivesIt(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(4).mapped(0, 4, 0));
    FsDaxLab.Mapped mapped = lab.map(file, 4);
    mapped.read(1);
    assertThat(mapped.isWritable(1)).isFalse();
    mapped.write(1);
    assertThat(mapped.isWritable(1)).isTrue();
    assertThat(mapped.pfn(1)).isEqualTo(FsDaxLab.PFN + 1);
  }

  @EachEra
  void aSynchronousWriteWaitsForTheMetadata(String era) {
    lab = new FsDaxLab(era);
    ExtentList extents = new ExtentList(4).mapped(0, 4, 0);
    DaxFile file = lab.file(extents);
    FsDaxLab.Mapped mapped = lab.map(lab.machine.newTask("sync"), file, 4, true);

    extents.setDirty(true);
    mapped.write(1);
    assertThat(extents.nrSyncs()).isEqualTo(1);
    mapped.write(2);
    assertThat(extents.nrSyncs()).as("nothing was left to sync").isEqualTo(1);
    assertThat(mapped.isWritable(1)).isTrue();

    FsDaxLab.Mapped plain = lab.map(file, 4);
    extents.setDirty(true);
    plain.write(3);
    assertThat(extents.nrSyncs()).as("an area without MAP_SYNC waits for nothing").isEqualTo(1);
  }

  @EachEra
  void writebackTakesTheRightToWriteAwayUntilTheNextWrite(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD + 4).mapped(0, PMD, PMD).mapped(PMD, 4, 0));
    FsDaxLab.Mapped mapped = lab.map(file, PMD + 4);
    mapped.write(5);
    mapped.write(PMD + 1);
    mapped.read(PMD + 2);

    file.writeback(0, Long.MAX_VALUE);
    assertThat(mapped.isWritable(5)).isFalse();
    assertThat(mapped.isWritable(PMD + 1)).isFalse();
    assertThat(mapped.entryBytes(5)).isEqualTo(PMD_BYTES);

    mapped.write(PMD + 1);
    assertThat(mapped.isWritable(PMD + 1)).isTrue();
    file.writeback(0, PMD);
    assertThat(mapped.isWritable(PMD + 1)).as("not in the part").isTrue();
  }

  @EachEra
  void aPrivateAreaReadsTheFileAndWritesToAPageOfItsOwn(String era) {
    lab = new FsDaxLab(era);
    lab.bytes().write(3 * FsDaxLab.PAGE, new byte[] {42, 43}, 0, 2);
    DaxFile file = lab.file(new ExtentList(4).mapped(0, 2, 3));
    FsDaxLab.Mapped mapped = lab.mapPrivate(file, 4);

    assertThat(mapped.read(0)).isEqualTo((byte) 42);
    assertThat(mapped.pfn(0)).isEqualTo(FsDaxLab.PFN + 3);
    mapped.write(0);
    assertThat(mapped.pfn(0)).isLessThan(FsDaxLab.PFN);
    assertThat(mapped.task.mm().load(mapped.address(0) + 1)).isEqualTo((byte) 43);

    mapped.write(3);
    assertThat(mapped.pfn(3)).as("a copy of a hole").isLessThan(FsDaxLab.PFN);
    byte[] there = new byte[1];
    lab.bytes().read(3 * FsDaxLab.PAGE, there, 0, 1);
    assertThat(there[0]).isEqualTo((byte) 42);
    assertThat(file.nrPages()).as("copies have no entry that leads to blocks").isLessThan(3);
    mapped.unmap();
  }

  @EachEra
  void aWriteToALargeReadMappingOfAPrivateAreaFallsBack(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD).mapped(0, PMD, PMD));
    FsDaxLab.Mapped mapped = lab.mapPrivate(file, PMD);
    mapped.read(5);
    assertThat(mapped.entryBytes(5)).isEqualTo(PMD_BYTES);
    mapped.write(5);
    assertThat(mapped.pfn(5)).isLessThan(FsDaxLab.PFN);
    assertThat(mapped.read(6)).isZero();
    assertThat(mapped.pfn(6)).isEqualTo(FsDaxLab.PFN + PMD + 6);
    mapped.unmap();
  }

  @EachEra
  void aFaultThatRunsOutOfMemoryLeavesNoLockBehind(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(PMD + 4).mapped(0, PMD, PMD).mapped(PMD, 4, 0));
    for (Site site : new Site[] {Site.ENTRY, Site.PAGETABLE}) {
      for (long page : new long[] {3, PMD + 1}) {
        FsDaxLab.Mapped mapped = lab.map(file, PMD + 4);
        lab.machine.ram().faults().arm(site, 1);
        assertErrno(Errno.ENOMEM, () -> mapped.write(page));
        mapped.write(page);
        assertThat(lab.machine.ram().faults().armed(site)).isZero();
        mapped.unmap();
        FsDaxLab.truncateAll(file);
      }
    }
  }
}
