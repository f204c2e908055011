package dev.pgmap.core.phys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.ResourceTree.Intersection;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTreeTest {
  private static final PhysRange RAM = new PhysRange(0x100000, 0x6fffffff);
  private static final PhysRange PMEM = new PhysRange(0x70000000, 0x73ffffff);

  private final ResourceTree tree = new ResourceTree();

  private List<String> lines() {
    return tree.lines().stream().map(Object::toString).toList();
  }

  /** As the kernels of the recordings print it. */
  @Test
  void aNamespaceThatFillsItsRegionNestsBelowIt() {
    tree.request(PMEM, "Persistent Memory (legacy)", ResourceKind.PERSISTENT_MEMORY);
    tree.request(RAM, "System RAM", ResourceKind.SYSTEM_RAM);
    tree.request(PMEM, "namespace0.0", ResourceKind.DEVICE);
    assertThat(lines())
        .containsExactly(
            "00100000-6fffffff : System RAM",
            "70000000-73ffffff : Persistent Memory (legacy)",
            "  70000000-73ffffff : namespace0.0");
  }

  @Test
  void requestsNestBelowTheSmallestThatContainsThemInAddressOrder() {
    tree.request(new PhysRange(0, 0xffff), "outer", ResourceKind.OTHER);
    tree.request(new PhysRange(0x1000, 0x8fff), "middle", ResourceKind.SOFT_RESERVED);
    tree.request(new PhysRange(0x5000, 0x5fff), "second", ResourceKind.DEVICE);
    tree.request(new PhysRange(0x2000, 0x2fff), "first", ResourceKind.DEVICE);
    tree.request(new PhysRange(0x9000, 0x9fff), "beside", ResourceKind.DEVICE);
    assertThat(lines())
        .containsExactly(
            "00000000-0000ffff : outer",
            "  00001000-00008fff : middle",
            "    00002000-00002fff : first",
            "    00005000-00005fff : second",
            "  00009000-00009fff : beside");
  }

  @Test
  void whatOverlapsASiblingIsBusyAndClaimsNothing() {
    tree.request(PMEM, "pmem", ResourceKind.PERSISTENT_MEMORY);
    tree.request(new PhysRange(0x70000000, 0x71ffffff), "dax0.0", ResourceKind.DEVICE);
    List<String> before = lines();
    assertBusy(new PhysRange(0x71ffffff, 0x72000000), "dax0.0");
    assertBusy(new PhysRange(0x70000000, 0x71ffffff), "dax0.0");
    assertBusy(new PhysRange(0x6fffffff, 0x70000000), "pmem");
    assertBusy(new PhysRange(0x60000000, 0x7fffffff), "pmem");
    assertThat(lines()).isEqualTo(before);
  }

  @Test
  void nothingNestsBelowWhatADriverClaimedOrBelowRam() {
    tree.request(PMEM, "pmem0", ResourceKind.DEVICE);
    tree.request(RAM, "System RAM", ResourceKind.SYSTEM_RAM);
    assertBusy(new PhysRange(0x71000000, 0x71ffffff), "pmem0");
    assertBusy(new PhysRange(0x200000, 0x3fffff), "System RAM");
  }

  private void assertBusy(PhysRange range, String by) {
    assertThatThrownBy(() -> tree.request(range, "late", ResourceKind.DEVICE))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
        .hasMessageContaining("overlaps " + by);
  }

  @Test
  void childrenAreReleasedBeforeTheirParent() {
    Resource outer = tree.request(PMEM, "pmem", ResourceKind.PERSISTENT_MEMORY);
    Resource inner = tree.request(PMEM, "dax0.0", ResourceKind.DEVICE);
    assertThatIllegalStateException()
        .isThrownBy(() -> tree.release(outer))
        .withMessageContaining("still has children");
    tree.release(inner);
    assertThatIllegalStateException()
        .isThrownBy(() -> tree.release(inner))
        .withMessageContaining("not in the tree");
    tree.release(outer);
    assertThat(lines()).isEmpty();
    tree.request(new PhysRange(0x6ffff000, 0x70000fff), "again", ResourceKind.DEVICE);
  }

  @Test
  void intersectionSaysWhetherOnlyThatKindIsTouched() {
    tree.request(RAM, "System RAM", ResourceKind.SYSTEM_RAM);
    tree.request(PMEM, "pmem", ResourceKind.PERSISTENT_MEMORY);
    assertThat(ram(0x70000000, 0x73ffffff)).isEqualTo(Intersection.DISJOINT);
    assertThat(ram(0x80000000L, 0x8fffffffL)).isEqualTo(Intersection.DISJOINT);
    assertThat(ram(0x6ffff000, 0x6fffffff)).isEqualTo(Intersection.INTERSECTS);
    assertThat(ram(0, 0x6fffffff)).isEqualTo(Intersection.INTERSECTS);
    assertThat(ram(0x6fffffff, 0x70000000)).isEqualTo(Intersection.MIXED);
    assertThat(ram(0, Long.MAX_VALUE)).isEqualTo(Intersection.MIXED);
  }

  @Test
  void aChildOfThatKindCountsOnlyWhereItIs() {
    tree.request(PMEM, "Soft Reserved", ResourceKind.SOFT_RESERVED);
    tree.request(new PhysRange(0x72000000, 0x72ffffff), "RAM (kmem)", ResourceKind.SYSTEM_RAM);
    assertThat(ram(0x70000000, 0x71ffffff)).isEqualTo(Intersection.DISJOINT);
    assertThat(ram(0x72000000, 0x72ffffff)).isEqualTo(Intersection.INTERSECTS);
  }

  private Intersection ram(long start, long end) {
    return tree.intersects(new PhysRange(start, end), ResourceKind.SYSTEM_RAM);
  }
}
