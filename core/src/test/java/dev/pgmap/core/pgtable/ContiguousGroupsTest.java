package dev.pgmap.core.pgtable;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.AllocFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Contiguous groups: several entries that map one hugetlb page. */
class ContiguousGroupsTest {
  private static final long BITS = Pte.PRESENT | Pte.USER | Pte.RW | Pte.CONT;

  static Stream<Arguments> groups() {
    return Geometries.all().stream()
        .flatMap(geometry ->
            Stream.of(Geometry.PTE, Geometry.PMD, Geometry.PUD)
                .filter(level -> geometry.contiguous(level) > 1)
                .flatMap(level ->
                    TableWalker.all().stream().map(by -> Arguments.of(geometry, level, by))));
  }

  private static long entry(int level, long pfn) {
    return Pte.of(pfn, BITS | (level > 0 ? Pte.PSE : 0));
  }

  private static List<String> clear(PageTables tables, long start, long end) {
    List<String> cleared = new ArrayList<>();
    tables.clearRange(start, end, (at, level, e) -> cleared.add("%x %x".formatted(at, Pte.pfn(e))));
    return cleared;
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aGroupIsMappedFoundAndClearedAsOneLeaf(Geometry geometry, int level, TableWalker walker) {
    PageTables tables = new PageTables(geometry, walker, new AllocFaults());
    long bytes = geometry.bytes(level) * geometry.contiguous(level);
    long pfn = 2 * bytes >>> 12;
    tables.lock();
    assertThat(tables.insertLeaf(3 * bytes, level, entry(level, pfn))).isZero();
    tables.unlock();

    Leaf found = tables.find(3 * bytes + bytes - 4096);
    assertThat(found).isNotNull();
    assertThat(found.address()).isEqualTo(3 * bytes);
    assertThat(found.bytes()).isEqualTo(bytes);
    assertThat(found.pfnOf(4 * bytes - 4096)).isEqualTo(pfn + (bytes >>> 12) - 1);
    long inside = 3 * bytes + geometry.bytes(level);
    assertThatThrownBy(() -> clear(tables, inside, 8 * bytes)).hasMessageContaining("crosses");
    assertThatThrownBy(() -> clear(tables, 0, inside)).hasMessageContaining("crosses");
    assertThat(clear(tables, 0, 8 * bytes)).containsExactly("%x %x".formatted(3 * bytes, pfn));
    tables.freeEmptyTables(0, 8 * bytes);
    assertThat(tables.nrTables()).isEqualTo(1);
  }

  @Test
  void aUseOfAnyEntryCountsForTheGroup() {
    Geometry geometry = Geometries.named("arm64-4k");
    PageTables tables = new PageTables(geometry);
    tables.lock();
    tables.insertLeaf(0x10000, 0, entry(0, 0x100));
    tables.unlock();
    PageTable table = tables.lowestTable(0x15000);
    int index = table.index(0x15000);
    long fifth = table.loadAcquire(index);
    assertThat(Pte.pfn(fifth)).isEqualTo(0x105);
    assertThat(table.cas(index, fifth, fifth | Pte.DIRTY)).isTrue();
    long[] cleared = new long[1];
    tables.clearRange(0x10000, 0x20000, (at, level, e) -> cleared[0] = e);
    assertThat(Pte.isDirty(cleared[0])).isTrue();
    assertThat(Pte.pfn(cleared[0])).isEqualTo(0x100);
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNothing() {
    Geometry geometry = Geometries.named("arm64-4k");
    PageTables tables = new PageTables(geometry);
    tables.lock();
    tables.insertLeaf(0x18000, 0, Pte.of(7, Pte.PRESENT | Pte.USER));
    assertErrno(Errno.EEXIST, () -> tables.insertLeaf(0x10000, 0, entry(0, 0x100)));
    assertErrno(Errno.EINVAL, () -> tables.insertLeaf(0x21000, 0, entry(0, 0x100)));
    assertErrno(Errno.EINVAL, () -> tables.insertLeaf(0x20000, 0, entry(0, 0x101)));
    assertErrno(Errno.EINVAL, () -> tables.exchange(0x20000, 0, entry(0, 0x100), 0));
    PageTables x86 = new PageTables(Geometry.x86(4));
    assertThatThrownBy(() -> x86.insertLeaf(0x10000, 0, entry(0, 0x100)))
        .isInstanceOf(MmException.class);
    tables.unlock();
    assertThat(tables.find(0x10000)).isNull();
    assertThat(tables.find(0x20000)).isNull();
  }

  @Test
  void changingBitsChangesThemInEveryEntry() {
    Geometry geometry = Geometries.named("arm64-4k");
    PageTables tables = new PageTables(geometry);
    long before = entry(0, 0x100);
    tables.lock();
    tables.insertLeaf(0x10000, 0, before);
    assertThat(tables.replaceLeaf(0x10000, 0, before, before & ~Pte.RW)).isTrue();
    tables.unlock();
    for (long at = 0x10000; at < 0x20000; at += 4096) {
      PageTable table = tables.lowestTable(at);
      long now = table.loadAcquire(table.index(at));
      assertThat(Pte.isWritable(now)).isFalse();
      assertThat(Pte.pfn(now)).isEqualTo(0x100 + (at - 0x10000 >>> 12));
    }
  }
}
