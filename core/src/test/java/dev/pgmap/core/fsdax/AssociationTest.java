package dev.pgmap.core.fsdax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.core.testing.EachEra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a page says it belongs to, and what becomes of that when files share blocks. */
class AssociationTest {
  private static final long PMD = FsDaxLab.PMD_PAGES;
  private static final long BLOCK_5 = FsDaxLab.PFN + 5;

  private FsDaxLab lab;

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  @EachEra
  void aPageKnowsItsFileAndItsPlaceThere(String era) {
    lab = new FsDaxLab(era);
    ExtentList extents = new ExtentList(4).mapped(0, 4, 3);
    DaxFile file = lab.file(extents);
    lab.map(file, 4).write(2);

    assertThat(lab.mapping(BLOCK_5)).isEqualTo(file.space().id());
    assertThat(lab.index(BLOCK_5)).isEqualTo(2);
    assertThat(lab.mapping(BLOCK_5 + 1)).as("never touched").isZero();

    FsDaxLab.truncate(file, extents, 0, 4);
    assertThat(lab.mapping(BLOCK_5)).isZero();
    assertThat(lab.index(BLOCK_5)).isZero();
  }

  @EachEra
  void aHoleBelongsToNobody(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(4));
    FsDaxLab.Mapped mapped = lab.map(file, 4);
    mapped.read(0);
    long zeroPfn = mapped.pfn(0);
    assertThat(lab.mapping(zeroPfn)).isZero();
    file.deleteRange(0, 4);
    assertThat(mapped.pfn(0)).isEqualTo(-1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.4", "5.10", "5.17", "5.18", "6.1", "6.12"})
  void eachPageOfALargeEntryKnowsItsPlace(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(2 * PMD).mapped(0, 2 * PMD, PMD));
    lab.map(file, 2 * PMD).write(PMD + 9);
    for (long page : new long[] {PMD, PMD + 9, 2 * PMD - 1}) {
      assertThat(lab.mapping(FsDaxLab.PFN + PMD + page)).isEqualTo(file.space().id());
      assertThat(lab.index(FsDaxLab.PFN + PMD + page)).isEqualTo(page);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void theFolioOfALargeEntryIsMadeAndTakenApart(String era) {
    lab = new FsDaxLab(era);
    ExtentList extents = new ExtentList(2 * PMD).mapped(0, 2 * PMD, PMD);
    DaxFile file = lab.file(extents);
    FsDaxLab.Mapped mapped = lab.map(file, 2 * PMD);
    mapped.write(PMD + 9);
    long head = FsDaxLab.PFN + 2 * PMD;
    assertThat(lab.order(head + 77)).isEqualTo(9);
    assertThat(lab.machine.structPages().headPfn(head + 77)).isEqualTo(head);
    assertThat(lab.mapping(head)).isEqualTo(file.space().id());
    assertThat(lab.index(head)).isEqualTo(PMD);
    assertThat(lab.count(head)).as("one entry, one reference").isEqualTo(1);

    lab.unpin(mapped.pin(PMD, 512));
    assertThat(lab.count(head)).isEqualTo(1);

    FsDaxLab.truncate(file, extents, 0, 2 * PMD);
    for (long pfn = head; pfn < head + PMD; pfn++) {
      assertThat(lab.order(pfn)).isZero();
      assertThat(lab.machine.structPages().headPfn(pfn)).isEqualTo(pfn);
      assertThat(lab.mapping(pfn)).isZero();
      assertThat(lab.count(pfn)).isZero();
      assertThat(lab.machine.structPages().pgmapIndex(lab.machine.structPages().record(pfn)))
          .isEqualTo(lab.pgmap.index());
    }
  }

  /** Two files, A and B, and a block that belongs to A, then to both. */
  private final class Reflink {
    final ExtentList extentsA = new ExtentList(4).mapped(0, 4, 3);
    final ExtentList extentsB = new ExtentList(4);
    final DaxFile a = lab.file(extentsA);
    final DaxFile b = lab.file(extentsB);

    /** A's page 2 is touched; then B's page 1 gets the same block, which B touches. */
    void share() {
      lab.map(a, 4).read(2);
      extentsA.put(Iomap.Type.MAPPED, 2, 1, 5, Iomap.F_SHARED);
      extentsB.put(Iomap.Type.MAPPED, 1, 1, 5, Iomap.F_SHARED);
      lab.map(b, 4).read(1);
    }
  }

  /** 12.7. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void aSharedFolioCountsItsFiles(String era) {
    lab = new FsDaxLab(era);
    Reflink reflink = new Reflink();
    reflink.share();
    assertThat(lab.mapping(BLOCK_5)).isZero();
    assertThat(lab.index(BLOCK_5)).as("share").isEqualTo(2);

    lab.map(reflink.a, 4).read(2);
    assertThat(lab.index(BLOCK_5)).as("A again: one less, one more").isEqualTo(2);

    reflink.b.deleteRange(0, 4);
    assertThat(lab.index(BLOCK_5)).isEqualTo(1);
    assertThat(lab.mapping(BLOCK_5)).isZero();

    reflink.a.deleteRange(0, 4);
    assertThat(lab.index(BLOCK_5)).isZero();
    assertThat(lab.mapping(BLOCK_5)).isZero();
    assertThat(lab.count(BLOCK_5)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "6.12")
  void aSharedPageHasAMarkAndCountsItsFiles(String era) {
    lab = new FsDaxLab(era);
    Reflink reflink = new Reflink();
    reflink.share();
    assertThat(lab.mapping(BLOCK_5)).isEqualTo(PageSharing.MARK);
    assertThat(lab.index(BLOCK_5)).isEqualTo(2);
    reflink.b.deleteRange(0, 4);
    assertThat(lab.mapping(BLOCK_5)).isEqualTo(PageSharing.MARK);
    reflink.a.deleteRange(0, 4);
    assertThat(lab.mapping(BLOCK_5)).isZero();
    assertThat(lab.index(BLOCK_5)).isZero();
  }

  /** The count is compared before it is dropped: the last file leaves the mark behind. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "6.1")
  void theFirstKernelsWithSharingLeaveTheMarkBehind(String era) {
    lab = new FsDaxLab(era);
    Reflink reflink = new Reflink();
    reflink.share();
    assertThat(lab.index(BLOCK_5)).isEqualTo(2);
    reflink.b.deleteRange(0, 4);
    reflink.a.deleteRange(0, 4);
    assertThat(lab.mapping(BLOCK_5)).isEqualTo(PageSharing.MARK);
    assertThat(lab.index(BLOCK_5)).isZero();
  }

  @EachEra
  void aWriteToASharedBlockGoesToTheCopy(String era) {
    lab = new FsDaxLab(era);
    lab.bytes().write(5 * FsDaxLab.PAGE, new byte[] {42, 43}, 0, 2);
    Iomap source =
        new Iomap(Iomap.Type.MAPPED, 0, FsDaxLab.PAGE, 5 * FsDaxLab.PAGE, Iomap.F_SHARED);
    DaxFile file = lab.file(new CopyingFile(source, 9));
    FsDaxLab.Mapped mapped = lab.map(file, 1);
    mapped.read(0);
    assertThat(mapped.pfn(0)).isEqualTo(BLOCK_5);

    mapped.write(0);
    assertThat(mapped.pfn(0)).isEqualTo(FsDaxLab.PFN + 9);
    assertThat(mapped.task.mm().load(mapped.address(0) + 1)).isEqualTo((byte) 43);
    byte[] old = new byte[1];
    lab.bytes().read(5 * FsDaxLab.PAGE, old, 0, 1);
    assertThat(old[0]).as("the other file's byte").isEqualTo((byte) 42);
    file.evict();
    if (lab.context.policies().association().equals(Association.PAGES_OF_ONE_FILE)) {
      return;
    }
    assertThat(lab.mapping(FsDaxLab.PFN + 9)).isIn(0L, PageSharing.MARK);
  }

  /** A file of one page whose block belongs to another file, too; a write gets a new one. */
  private record CopyingFile(Iomap source, long newBlock) implements IomapOps {
    @Override
    public Iomap begin(long pos, long length, int flags) {
      return (flags & WRITE) == 0
          ? source
          : new Iomap(
              Iomap.Type.MAPPED,
              0,
              FsDaxLab.PAGE,
              newBlock * FsDaxLab.PAGE,
              Iomap.F_SHARED | Iomap.F_NEW,
              source);
    }

    @Override
    public long sizeBytes() {
      return FsDaxLab.PAGE;
    }

    @Override
    public void syncMetadata() {}
  }
}
