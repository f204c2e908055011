package dev.pgmap.core.pgtable;

import static dev.pgmap.core.pgtable.Geometry.P4D;
import static dev.pgmap.core.pgtable.Geometry.PMD;
import static dev.pgmap.core.pgtable.Geometry.PTE;
import static dev.pgmap.core.pgtable.Geometry.PUD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTablesTest {
  private static final long AT = 0x7f00_4000_0000L;
  private static final long BITS = Pte.PRESENT | Pte.USER | Pte.RW;

  private static long leaf(long pfn, int level) {
    return Pte.of(pfn, level == PTE ? BITS : BITS | Pte.PSE);
  }

  private static long insert(PageTables tables, long address, int level, long pfn) {
    tables.lock();
    try {
      return tables.insertLeaf(address, level, leaf(pfn, level));
    } finally {
      tables.unlock();
    }
  }

  private static List<String> cleared(PageTables tables, long start, long end) {
    List<String> leaves = new ArrayList<>();
    tables.clearRange(
        start,
        end,
        (address, level, entry) ->
            leaves.add("%x %d %x".formatted(address, level, Pte.pfn(entry))));
    return leaves;
  }

  private static void refused(Errno errno, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(MmException.class)
        .hasMessageContaining(text)
        .extracting(e -> ((MmException) e).errno())
        .isEqualTo(errno);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aLeafOfEachLevelMapsItsWholeBlockAndNothingElse(int levels) {
    Geometry g = Geometry.x86(levels);
    for (int level : new int[] {PTE, PMD, PUD}) {
      PageTables tables = new PageTables(g);
      assertThat(insert(tables, AT, level, 0x4_0000)).isZero();
      long last = AT + g.bytes(level) - 1;
      Leaf leaf = tables.find(last);
      assertThat(leaf).isNotNull();
      assertThat(leaf.address()).isEqualTo(AT);
      assertThat(leaf.level()).isEqualTo(level);
      assertThat(leaf.end()).isEqualTo(last + 1);
      assertThat(leaf.pfnOf(last)).isEqualTo(0x4_0000 + (g.bytes(level) >>> 12) - 1);
      assertThat(tables.find(AT - 1)).isNull();
      assertThat(tables.find(last + 1)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void tablesAreMadeOnTheWayDownAndCounted(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    assertThat(tables.nrTables()).isEqualTo(1);
    insert(tables, AT, PTE, 1);
    assertThat(tables.nrTables()).isEqualTo(levels);
    assertThat(tables.tableBytes()).isEqualTo(levels * 4096L);
    insert(tables, AT + 4096, PTE, 2);
    assertThat(tables.nrTables()).isEqualTo(levels);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void emptyTablesAreFreedAndFullOnesKept(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PTE, 1);
    insert(tables, AT + (4L << 30), PMD, 0x200);
    cleared(tables, AT, AT + 4096);
    assertThat(tables.freeEmptyTables(AT, AT + 4096)).isEqualTo(2);
    assertThat(tables.nrTables()).isEqualTo(levels - 1);
    assertThat(tables.find(AT + (4L << 30))).isNotNull();
    cleared(tables, AT, AT + (5L << 30));
    tables.freeEmptyTables(AT, AT + (5L << 30));
    assertThat(tables.nrTables()).isEqualTo(1);
    assertThat(tables.tableBytes()).isEqualTo(4096);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aHugeLeafFitsAgainOnceTheEmptyTableIsGone(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PTE, 1);
    cleared(tables, AT, AT + 4096);
    refused(Errno.EEXIST, "a table at pmd level", () -> insert(tables, AT, PMD, 0x200));
    tables.freeEmptyTables(AT, AT + 4096);
    assertThat(insert(tables, AT, PMD, 0x200)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void clearingGoesInAddressOrderAcrossLevels(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    long gib = 1L << 30;
    insert(tables, AT + 2 * gib, PUD, 0x80000);
    insert(tables, AT + gib + (2 << 20), PMD, 0x400);
    insert(tables, AT + gib + 4096, PTE, 7);
    insert(tables, AT + 5 * gib, PTE, 8);
    insert(tables, AT, PMD, 0x200);
    assertThat(cleared(tables, AT, AT + 6 * gib))
        .containsExactly(
            "7f0040000000 1 200",
            "7f0080001000 0 7",
            "7f0080200000 1 400",
            "7f00c0000000 2 80000",
            "7f0180000000 0 8");
    assertThat(cleared(tables, 0, tables.geometry().userEnd())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aLeafAcrossAnEndIsRefusedAndNothingIsCleared(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PTE, 1);
    insert(tables, AT + (2 << 20), PMD, 0x200);
    long inside = AT + (2 << 20) + 4096;
    refused(Errno.EINVAL, "crosses the end", () -> cleared(tables, AT, inside));
    refused(Errno.EINVAL, "crosses the end", () -> cleared(tables, inside, AT + (4 << 20)));
    refused(
        Errno.EINVAL,
        "crosses the end",
        () -> tables.clearSome(inside, AT + (4 << 20), (a, l, e) -> {}));
    assertThat(cleared(tables, AT, AT + (4 << 20))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void whatDoesNotFitIsRefusedAndLeavesNoTables(int levels) {
    Geometry g = Geometry.x86(levels);
    PageTables tables = new PageTables(g);
    refused(Errno.EINVAL, "misaligned address", () -> insert(tables, AT + 4096, PMD, 0x200));
    refused(Errno.EINVAL, "misaligned pfn", () -> insert(tables, AT, PMD, 0x201));
    refused(Errno.EINVAL, "misaligned pfn", () -> insert(tables, AT, PUD, 0x200));
    refused(Errno.EINVAL, "outside user space", () -> insert(tables, g.userEnd(), PTE, 1));
    refused(Errno.EINVAL, "outside user space", () -> insert(tables, -4096, PTE, 1));
    refused(Errno.EINVAL, "no leaves", () -> insert(tables, 0, P4D, 0));
    refused(Errno.EINVAL, "not a leaf", () -> tables.insertLeaf(AT, PMD, Pte.of(0x200, BITS)));
    assertThat(tables.nrTables()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void insertionOverALeafReturnsWhatIsThere(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PMD, 0x200);
    assertThat(insert(tables, AT, PMD, 0x400)).isEqualTo(leaf(0x200, PMD));
    assertThat(tables.find(AT).pfnOf(AT)).isEqualTo(0x200);
    refused(Errno.EEXIST, "a leaf at pmd level", () -> insert(tables, AT + 4096, PTE, 5));
    refused(Errno.EEXIST, "a table at pud level", () -> insert(tables, AT, PUD, 0x40000));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void entryAtStopsAtTheLevelAskedForOrAtALargerLeaf(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PTE, 3);
    insert(tables, AT + (1L << 30), PUD, 0x40000);
    tables.lock();
    assertThat(Pte.isTable(tables.entryAt(AT, PMD), PMD)).isTrue();
    assertThat(tables.entryAt(AT, PTE)).isEqualTo(leaf(3, PTE));
    assertThat(tables.entryAt(AT + 4096, PTE)).isZero();
    assertThat(tables.entryAt(AT + (2 << 20), PTE)).isZero();
    assertThat(tables.entryAt(AT + (1L << 30) + 4096, PTE)).isEqualTo(leaf(0x40000, PUD));
    tables.unlock();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void replacingWorksOnlyOnTheValueThatIsThere(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PMD, 0x200);
    long old = leaf(0x200, PMD);
    tables.lock();
    assertThat(tables.replaceLeaf(AT, PMD, old | Pte.DIRTY, old)).isFalse();
    assertThat(tables.replaceLeaf(AT, PMD, old, old | Pte.DIRTY)).isTrue();
    tables.unlock();
    assertThat(Pte.isDirty(tables.find(AT).entry())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void leavesAreShownWithoutBeingChanged(int levels) {
    PageTables tables = new PageTables(Geometry.x86(levels));
    insert(tables, AT, PMD, 0x200);
    insert(tables, AT + (40L << 30), PTE, 9);
    List<Long> seen = new ArrayList<>();
    tables.forEachLeaf(0, tables.geometry().userEnd(), (a, l, e) -> seen.add(Pte.pfn(e)));
    tables.forEachLeaf(AT + 4096, AT + 8192, (a, l, e) -> seen.add(a));
    assertThat(seen).containsExactly(0x200L, 9L, AT);
  }
}
