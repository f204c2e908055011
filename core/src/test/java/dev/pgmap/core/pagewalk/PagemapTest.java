package dev.pgmap.core.pagewalk;

import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dump of an address space, by both walks. */
class PagemapTest extends DevdaxTest {
  static List<Geometry> geometries() {
    return Geometries.all();
  }

  private static List<String> dump(Mm mm, long start, long end, TableWalker walker) {
    List<String> lines = new ArrayList<>();
    Pagemap.Merged merged =
        new Pagemap.Merged((from, to, entry, leafBytes) ->
            lines.add("%x-%x %x %x".formatted(from, to, entry, leafBytes)));
    Pagemap.dump(mm, start, end, walker, merged);
    merged.finish();
    return lines;
  }

  private DevdaxMachine boot(Geometry geometry) {
    return boot(DevdaxMachine.spec(Era.V7_2).withGeometry(geometry), new PageRefs());
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void bothWalksDumpTheSame(Geometry geometry) {
    long seed = System.nanoTime();
    System.out.println("PagemapTest " + geometry.name() + ", seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    DevdaxMachine m = boot(geometry);
    m.create(2, geometry.mappingBytes().getFirst(), MapLocation.MEM);
    Mapping device = m.map(2, 64 * MIB);
    Mm mm = device.task().mm();
    for (long at = 0; at < device.bytes(); at += geometry.pageBytes() * random.nextInt(1, 9)) {
      mm.load(device.start() + at);
    }
    Mapping foreign = m.mapAnonymous(device.task(), 70 * GIB, true);
    fill(foreign, geometry, random);
    long end = mm.taskSizeMax();
    assertThat(dump(mm, 0, end, TableWalker.LEAF))
        .as("seed %d", seed)
        .hasSizeGreaterThan(100)
        .isEqualTo(dump(mm, 0, end, TableWalker.PER_LEVEL));
    for (int i = 0; i < 200; i++) {
      long a = foreign.start() + random.nextLong(-GIB, 1L << random.nextInt(20, 37)) & -PAGE;
      long b = Math.min(end, a + PAGE + (random.nextLong(1L << random.nextInt(13, 37)) & -PAGE));
      assertThat(dump(mm, a, b, TableWalker.LEAF))
          .as("seed %d, 0x%x to 0x%x", seed, a, b)
          .isEqualTo(dump(mm, a, b, TableWalker.PER_LEVEL));
    }
    for (Vma vma : mm.vmas()) {
      assertThat(Smaps.of(vma, TableWalker.LEAF)).isEqualTo(Smaps.of(vma, TableWalker.PER_LEVEL));
    }
    mm.tables().clearRange(foreign.start(), foreign.end(), (at, level, entry) -> {});
    device.task().exit();
  }

  /** Puts entries of every kind into an area, which hold nothing and are cleared again. */
  private static void fill(Mapping area, Geometry geometry, SplittableRandom random) {
    PageTables tables = area.task().mm().tables();
    SwapEntry.Kind[] kinds = SwapEntry.Kind.values();
    tables.lock();
    for (int i = 0; i < 800; i++) {
      int level = random.nextInt(6) == 0 ? random.nextInt(1, 3) : 0;
      boolean group = geometry.contiguous(level) > 1 && random.nextInt(3) == 0;
      long bytes = geometry.bytes(level) * (group ? geometry.contiguous(level) : 1);
      long at = area.start() + random.nextLong(1L << random.nextInt(22, 37)) + bytes - 1 & -bytes;
      long pfn = (1L << 32) + random.nextLong(1L << 28) & -(bytes >>> 12);
      if (geometry.isFolded(level) || at + bytes > area.end()) {
        continue;
      }
      try {
        if (!group && level < 2 && random.nextInt(4) == 0 && geometry.leafAllowed(level)) {
          tables.insertSwap(at, level, SwapEntry.of(kinds[random.nextInt(kinds.length)], pfn));
        } else {
          long bits = Pte.PRESENT | Pte.USER | (level > 0 ? Pte.PSE : 0) | (group ? Pte.CONT : 0);
          long kind = random.nextBoolean() ? Pte.SPECIAL : Pte.DEVMAP;
          tables.insertLeaf(at, level, Pte.of(pfn, bits | kind));
        }
      } catch (MmException e) {
        assertThat(e.getMessage()).containsAnyOf("in the way", "no leaves");
      }
    }
    tables.unlock();
  }

  @EachEra
  void entriesAreThoseOfTheKernel(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, 2 * MIB, MapLocation.MEM);
    Mapping device = m.map(0, 4 * MIB);
    device.task().mm().load(device.start());
    Mapping anonymous = m.mapAnonymous(device.task(), 2 * PAGE, true);
    device.task().mm().store(anonymous.start(), (byte) 1);

    List<String> runs = dump(device.task().mm(), device.start(), device.end(), TableWalker.LEAF);

    boolean normal = m.count(DevdaxMachine.DATA_PFN) > 1;
    long flags = PagemapEntry.PRESENT | (normal ? PagemapEntry.FILE | PagemapEntry.EXCLUSIVE : 0);
    long half = device.start() + 2 * MIB;
    assertThat(runs)
        .containsExactly(
            "%x-%x %x 200000".formatted(device.start(), half, flags | DevdaxMachine.DATA_PFN),
            "%x-%x 0 0".formatted(half, device.end()));
    List<Long> entries = new ArrayList<>();
    Pagemap.dump(
        device.task().mm(),
        anonymous.start(),
        anonymous.end(),
        TableWalker.PER_LEVEL,
        (from, to, entry, bytes) -> entries.add(entry));
    assertThat(entries).hasSize(2);
    assertThat(entries.getFirst() & (PagemapEntry.FILE | PagemapEntry.EXCLUSIVE))
        .isEqualTo(PagemapEntry.EXCLUSIVE);
    assertThat(entries.getLast()).isZero();
    device.task().exit();
  }

  @Test
  void anEmptyRangeIsRefused() {
    DevdaxMachine m = boot(Geometry.x86(4));
    Mm mm = m.machine.newTask("test").mm();
    for (TableWalker walker : TableWalker.all()) {
      assertThatThrownBy(() -> Pagemap.dump(mm, 4096, 4096, walker, (a, b, c, d) -> {}))
          .isInstanceOf(MmException.class)
          .hasMessageContaining("EINVAL");
    }
  }
}
