package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What memremap_pages refuses, in the kernel's order, and that nothing is left then. */
class MemremapErrorsTest {
  private static final long MIB = Floors.MIB;
  private static final long START = Floors.DEVICE;
  private static final PhysRange RAM = PhysRange.ofLength(64 * MIB, 2 * MIB);
  private static final PhysRange BEYOND = PhysRange.ofLength(32 * Floors.GIB, 2 * MIB);

  private Floors floors = new Floors(Kernels.V7_2.policies());

  @AfterEach
  void close() {
    floors.close();
  }

  private static PhysRange at(long offset, long bytes) {
    return PhysRange.ofLength(START + offset, bytes);
  }

  private void assertRefused(Errno errno, String warning, PagemapSpec spec, DevPagemapOps ops) {
    int warned = floors.warnings().size();
    int live = floors.pagemaps.all().size();
    long free = floors.ram.freePages();
    assertThatThrownBy(() -> floors.pagemaps.memremap(spec, ops))
        .isInstanceOfSatisfying(MmException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    List<String> fresh = floors.warnings().subList(warned, floors.warnings().size());
    if (warning.isEmpty()) {
      assertThat(fresh).isEmpty();
    } else {
      assertThat(fresh).singleElement().asString().contains(warning);
    }
    assertThat(floors.pagemaps.all()).hasSize(live);
    assertThat(floors.ram.freePages()).isEqualTo(free);
    floors.assertInvariants();
  }

  private void assertRefused(Errno errno, String warning, PhysRange... ranges) {
    PagemapSpec spec = Floors.spec(MemoryType.GENERIC, 0, null, ranges);
    assertRefused(errno, warning, spec, DevPagemapOps.NONE);
  }

  @Test
  void noRangeIsEinval() {
    assertRefused(Errno.EINVAL, "nr_range must be specified");
  }

  @Test
  void aShiftAboveTheLargestFolioIsEinval() {
    for (int shift : new int[] {23, 63, -1}) {
      assertRefused(
          Errno.EINVAL,
          "requested folio size unsupported",
          Floors.spec(START, 2 * MIB, shift),
          DevPagemapOps.NONE);
    }
  }

  @Test
  void aKernelWithoutCompoundDevmapDoesNotLookAtTheShift() {
    floors.close();
    floors = new Floors(Kernels.V5_10.policies());
    DevPagemap pgmap = floors.online(START, 2 * MIB, 23);
    assertThat(pgmap.vmemmapShift()).isZero();
    assertThat(pgmap.spec().vmemmapShift()).isZero();
  }

  @Test
  void privateMemoryNeedsMigrateThenAFreeOpThenAnOwner() {
    DevPagemapOps migrate = new Migrating();
    DevPagemapOps both = new MigratingAndFreeing();
    PagemapSpec spec = typed(MemoryType.PRIVATE, null);
    assertRefused(Errno.EINVAL, "Missing migrate_to_ram method", spec, DevPagemapOps.NONE);
    assertRefused(Errno.EINVAL, "Missing page_free method", spec, migrate);
    assertRefused(Errno.EINVAL, "Missing owner", spec, both);
    assertThat(floors.pagemaps.memremap(typed(MemoryType.PRIVATE, "gpu"), both).state())
        .isEqualTo(DevPagemap.State.LIVE);
  }

  @Test
  void coherentMemoryNeedsAFreeOpThenAnOwner() {
    PagemapSpec spec = typed(MemoryType.COHERENT, null);
    assertRefused(Errno.EINVAL, "Missing page_free method", spec, DevPagemapOps.NONE);
    assertRefused(Errno.EINVAL, "Missing owner", spec, new RecordingOps());
    PagemapSpec whole = typed(MemoryType.COHERENT, "gpu");
    assertThat(floors.pagemaps.memremap(whole, new RecordingOps()).state())
        .isEqualTo(DevPagemap.State.LIVE);
  }

  private static PagemapSpec typed(MemoryType type, @Nullable String owner) {
    return new PagemapSpec("gpu0", type, List.of(at(0, 2 * MIB)), 0, null, owner);
  }

  private static class Migrating implements DevPagemapOps {
    @Override
    public int migrateToRam(RamFault fault) {
      return 0;
    }
  }

  private static final class MigratingAndFreeing extends Migrating {
    @Override
    public void folioFree(Pagemap pgmap, long headPfn, int order) {}
  }

  @Test
  void anAltmapWithTwoRangesIsEinval() {
    PhysRange first = at(0, 64 * MIB);
    AltmapSpec altmap = Floors.altmap(first, 2 * MIB);
    assertRefused(
        Errno.EINVAL,
        "altmap not supported for multiple ranges",
        Floors.spec(MemoryType.GENERIC, 0, altmap, first, at(64 * MIB, 64 * MIB)),
        DevPagemapOps.NONE);
  }

  @Test
  void theFirstRangesOwnErrorComesBeforeTheAltmapsOnTheSecond() {
    AltmapSpec altmap = Floors.altmap(RAM, MIB);
    assertRefused(
        Errno.ENXIO,
        "attempted on ram region",
        Floors.spec(MemoryType.GENERIC, 0, altmap, RAM, at(0, 2 * MIB)),
        DevPagemapOps.NONE);
  }

  @Test
  void memoryThatAPgmapHasAtEitherEndIsEnomem() {
    floors.online(START + 8 * MIB, 8 * MIB, 9);
    String conflict = "Conflicting mapping in same section";
    assertRefused(Errno.ENOMEM, conflict, at(8 * MIB, 8 * MIB));
    assertRefused(Errno.ENOMEM, conflict, at(10 * MIB, 2 * MIB));
    assertRefused(Errno.ENOMEM, conflict, at(6 * MIB, 4 * MIB));
    assertRefused(Errno.ENOMEM, conflict, at(14 * MIB, 4 * MIB));
    floors.online(START + 6 * MIB, 2 * MIB, 0);
    floors.online(START + 16 * MIB, 2 * MIB, 0);
  }

  /** Only both ends are looked up; what lies inside is found by its struct pages. */
  @Test
  void memoryThatAPgmapHasInsideIsEexist() {
    DevPagemap inner = floors.online(START + 8 * MIB, 2 * MIB, 9);
    assertRefused(Errno.EEXIST, "", at(0, 16 * MIB));
    DevPagemap found = floors.pagemaps.getDevPagemap((START + 8 * MIB) >>> 12, null);
    assertThat(found).isSameAs(inner);
    floors.pagemaps.putDevPagemap(found);
    assertThat(floors.pagemaps.getDevPagemap(START >>> 12, null)).isNull();
  }

  @Test
  void systemRamIsEnxio() {
    assertRefused(Errno.ENXIO, "attempted on ram region 0x4000000-0x41fffff", RAM);
    assertRefused(Errno.ENXIO, "", RAM);
  }

  @Test
  void ramAndSomethingElseIsEnxioToo() {
    floors.resources.request(
        PhysRange.ofLength(256 * MIB, 64 * MIB), "pmem", ResourceKind.PERSISTENT_MEMORY);
    assertRefused(Errno.ENXIO, "attempted on mixed region", PhysRange.ofLength(254 * MIB, 4 * MIB));
  }

  @Test
  void memoryBeyondTheMachineIsEinval() {
    String exceeds = "exceeds maximum addressable range [0x0-0x3ffffffff]";
    assertRefused(Errno.EINVAL, exceeds, BEYOND);
    assertRefused(Errno.EINVAL, exceeds, PhysRange.ofLength(16 * Floors.GIB - 2 * MIB, 4 * MIB));
    floors.online(16 * Floors.GIB - 2 * MIB, 2 * MIB, 0);
  }

  @Test
  void aStartOrSizeThatIsNoMultipleOf2MibIsEinval() {
    assertRefused(Errno.EINVAL, "Misaligned add start", at(4096, 2 * MIB));
    assertRefused(Errno.EINVAL, "Misaligned add start", at(0, 3 * MIB));
    assertRefused(Errno.EINVAL, "Misaligned add start", at(0, 4096));
  }

  @Test
  void aRangeThatEndsInsideACompoundIsEinval() {
    assertRefused(
        Errno.EINVAL, "", Floors.spec(START, Floors.GIB + 2 * MIB, 18), DevPagemapOps.NONE);
  }

  @Test
  void anAltmapThatDoesNotFitItsRangeIsEinval() {
    PhysRange range = at(0, 4 * MIB);
    AltmapSpec elsewhere = new AltmapSpec(range.firstPfn() + 512, range.endPfn() - 1, 2, 510);
    AltmapSpec tooLarge = new AltmapSpec(range.firstPfn(), range.endPfn() - 1, 2, 2046);
    for (AltmapSpec altmap : List.of(elsewhere, tooLarge)) {
      assertRefused(
          Errno.EINVAL,
          "memory add fail, invalid altmap",
          Floors.spec(MemoryType.GENERIC, 0, altmap, range),
          DevPagemapOps.NONE);
    }
  }

  @Test
  void structPagesThatDoNotFitTheAltmapAreEnomem() {
    PhysRange range = at(0, 512 * MIB);
    assertRefused(
        Errno.ENOMEM,
        "",
        Floors.spec(MemoryType.GENERIC, 0, Floors.altmap(range, 2 * MIB), range),
        DevPagemapOps.NONE);
  }

  @Test
  void structPagesThatDoNotFitRamAreEnomem() {
    floors.close();
    floors =
        new Floors(
            Kernels.V7_2.policies(),
            new PageRefs(),
            List.of(PhysRange.ofLength(0, 8 * MIB)),
            16 * Floors.GIB);
    assertRefused(Errno.ENOMEM, "", at(0, Floors.GIB));
    floors.online(START, Floors.GIB, 9);
  }

  /** Each request is wrong in two ways; the earlier check of the kernel answers. */
  @Test
  void checksComeInTheKernelsOrder() {
    floors.online(START, 2 * MIB, 0);
    PagemapSpec noRange = new PagemapSpec("x", MemoryType.PRIVATE, List.of(), 99, null, null);
    assertRefused(Errno.EINVAL, "nr_range", noRange, DevPagemapOps.NONE);
    PagemapSpec shift =
        new PagemapSpec("x", MemoryType.PRIVATE, List.of(at(0, 4096)), 99, null, null);
    assertRefused(Errno.EINVAL, "folio size", shift, DevPagemapOps.NONE);
    PagemapSpec type =
        new PagemapSpec("x", MemoryType.PRIVATE, List.of(at(0, 4096)), 0, null, null);
    assertRefused(Errno.EINVAL, "migrate_to_ram", type, DevPagemapOps.NONE);
    PhysRange conflictAndRam = new PhysRange(64 * MIB, START + 4095);
    assertRefused(Errno.ENOMEM, "Conflicting", conflictAndRam);
    PhysRange ramAndMisaligned = PhysRange.ofLength(64 * MIB, 4096);
    assertRefused(Errno.ENXIO, "attempted on ram", ramAndMisaligned);
    PhysRange beyondAndMisaligned = PhysRange.ofLength(32 * Floors.GIB, 4096);
    assertRefused(Errno.EINVAL, "exceeds maximum", beyondAndMisaligned);
    PhysRange misaligned = at(4 * MIB, 3 * MIB);
    AltmapSpec wrong = new AltmapSpec(0, 1, 0, 5000);
    assertRefused(
        Errno.EINVAL,
        "Misaligned",
        Floors.spec(MemoryType.GENERIC, 0, wrong, misaligned),
        DevPagemapOps.NONE);
    floors.online(START + 8 * MIB, 2 * MIB, 0);
    assertRefused(
        Errno.EINVAL,
        "invalid altmap",
        Floors.spec(MemoryType.GENERIC, 0, wrong, at(4 * MIB, 16 * MIB)),
        DevPagemapOps.NONE);
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void whatWasRefusedCanBeHadOnceItIsRight(Kernels kernel) {
    floors.close();
    floors = new Floors(kernel.policies());
    RecordingOps ops = new RecordingOps();
    PagemapSpec spec = Floors.spec(MemoryType.GENERIC, 9, null, at(0, 64 * MIB), RAM);
    assertThatThrownBy(() -> floors.pagemaps.memremap(spec, ops))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
    floors.assertNothingLeft();
    boolean byOps = kernel == Kernels.V5_10;
    assertThat(ops.calls).isEqualTo(byOps ? List.of("kill", "cleanup") : List.of());
    DevPagemap pgmap = floors.online(START, 64 * MIB, 9);
    floors.assertInvariants();
    floors.pagemaps.memunmap(pgmap);
    floors.assertNothingLeft();
  }
}
