package dev.pgmap.core.dax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.hotplug.MemoryBlock;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.hotplug.OnlineType;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Device-dax memory as System RAM: on region 1, blocks 17 to 21 of dax1.0 are whole. */
@Timeout(120)
class KmemTest extends DevdaxTest {
  private static final PhysRange BLOCKS = new PhysRange(0x8800_0000L, 0xafff_ffffL);
  private static final long FIRST_PFN = 0x88000;
  private static final long BLOCK_PAGES = 32768;

  private static MmException failure(Errno errno, ThrowingCallable call) {
    MmException e = catchThrowableOfType(MmException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
    return e;
  }

  private static void toSystemRam(DevdaxMachine m, int region) {
    m.create(region, 2 << 20, MapLocation.MEM);
    m.machine.daxBus().disable("dax" + region + ".0");
    m.machine.daxBus().enable("dax" + region + ".0", KmemDriver.NAME);
  }

  private static void toDevdax(DevdaxMachine m) {
    m.machine.daxBus().disable("dax1.0");
    m.machine.daxBus().enable("dax1.0");
  }

  private static void all(DevdaxMachine m, OnlineType type) {
    MemoryBlocks blocks = m.machine.memoryBlocks();
    blocks.in(BLOCKS).forEach(block -> blocks.setState(block, type));
  }

  private static List<String> iomem(DevdaxMachine m) {
    return m.machine.resources().lines().stream().map(ResourceTree.Line::toString).toList();
  }

  @EachEra
  void wholeBlocksOfADeviceBecomeSystemRamAndGoBack(String era) {
    DevdaxMachine m = boot(era);
    toSystemRam(m, 1);
    assertThat(iomem(m))
        .contains("  88000000-afffffff : dax1.0", "    88000000-afffffff : System RAM (kmem)");
    assertThat(m.machine.memoryBlocks().in(BLOCKS))
        .extracting(MemoryBlock::name)
        .containsExactly("memory17", "memory18", "memory19", "memory20", "memory21");
    assertThat(m.machine.memoryBlocks().in(BLOCKS)).noneMatch(MemoryBlock::isOnline);

    long before = m.machine.ram().totalPages();
    all(m, OnlineType.ONLINE_MOVABLE);
    assertThat(m.machine.ram().totalPages()).isEqualTo(before + 5 * BLOCK_PAGES);
    all(m, OnlineType.OFFLINE);
    assertThat(m.machine.ram().totalPages()).isEqualTo(before);

    toDevdax(m);
    assertThat(iomem(m)).contains("  80200000-afffffff : dax1.0");
    assertThat(m.machine.memoryBlocks().in(BLOCKS)).isEmpty();
    assertThat(m.pagemap(1).refCount()).isGreaterThan(1);
  }

  @EachEra
  void tasksGetTheNewMemoryFirstAndKeepItOnline(String era) {
    DevdaxMachine m = boot(era);
    toSystemRam(m, 1);
    all(m, OnlineType.ONLINE_MOVABLE);
    Task task = m.machine.newTask("user");
    Mapping mapping = m.mapAnonymous(task, 4 * DevdaxMachine.PAGE, true);
    task.mm().store(mapping.start(), (byte) 7);
    assertThat(m.machine.ram().freePages()).isPositive();
    assertThat(m.count(FIRST_PFN)).isEqualTo(1);

    MmException busy = failure(Errno.EBUSY, () -> all(m, OnlineType.OFFLINE));
    assertThat(busy).hasMessageContaining("1 pages in use");
    assertThat(m.machine.memoryBlocks().block("memory17").isOnline()).isTrue();
    assertThat(task.mm().load(mapping.start())).isEqualTo((byte) 7);

    task.exit();
    all(m, OnlineType.OFFLINE);
    toDevdax(m);
  }

  @EachEra
  void memoryThatIsOnlineWhenTheDriverGoesStays(String era) {
    DevdaxMachine m = boot(era);
    toSystemRam(m, 1);
    m.expectWarnings();
    MemoryBlocks blocks = m.machine.memoryBlocks();
    blocks.setState(blocks.block("memory18"), OnlineType.ONLINE);
    m.machine.daxBus().disable("dax1.0");
    assertThat(m.warnings())
        .anyMatch(text -> text.contains("cannot be hotremoved until the next reboot"));
    assertThat(blocks.in(BLOCKS)).hasSize(5);
    failure(Errno.EBUSY, () -> m.machine.daxBus().enable("dax1.0", KmemDriver.NAME));
    failure(Errno.EBUSY, () -> blocks.remove(BLOCKS));

    blocks.setState(blocks.block("memory18"), OnlineType.OFFLINE);
    blocks.remove(BLOCKS);
    failure(Errno.EINVAL, () -> blocks.remove(BLOCKS));
  }

  @Test
  void aDeviceWithoutAWholeBlockIsRefusedOrGivesNothing() {
    DevdaxMachine recent = boot("6.1");
    recent.create(0, 2 << 20, MapLocation.MEM);
    recent.machine.daxBus().disable("dax0.0");
    failure(Errno.EINVAL, () -> recent.machine.daxBus().enable("dax0.0", KmemDriver.NAME));
    assertThat(recent.machine.daxBus().device("dax0.0").driverName()).isNull();
    recent.machine.daxBus().enable("dax0.0");

    DevdaxMachine old = boot("5.10");
    toSystemRam(old, 0);
    assertThat(old.machine.daxBus().device("dax0.0").driverName()).isEqualTo(KmemDriver.NAME);
    assertThat(old.machine.log().entries())
        .anyMatch(entry -> entry.text().contains("0x70200000-0x73ffffff too small"));
  }

  @Test
  void theNewestKernelsTellWhatAlignmentCosts() {
    for (String era : List.of("6.12", "7.2")) {
      DevdaxMachine m = boot(era);
      toSystemRam(m, 1);
      assertThat(
              m.machine.log().entries().stream()
                  .anyMatch(e ->
                      e.text()
                          .equals(
                              "kmem dax1.0: DAX region truncated by 126 MiB due to"
                                  + " alignment")))
          .isEqualTo(era.equals("7.2"));
      toDevdax(m);
    }
  }

  /** The first two events of a page in the recordings S6-kmem-online; adding alone has none. */
  @EachEra
  void countsAreSetWhenTheBlockGoesOnlineAndNotBefore(String era) {
    RecordingPageRefs refs = new RecordingPageRefs();
    DevdaxMachine m = boot(era, refs);
    toSystemRam(m, 1);
    refs.sequences().clear();
    assertThat(refs.sequences().of(FIRST_PFN)).isEmpty();
    all(m, OnlineType.ONLINE_MOVABLE);
    assertThat(refs.sequences().of(FIRST_PFN)).isEqualTo("set(+1)->1 ; set(+0)->0");
    all(m, OnlineType.OFFLINE);
    assertThat(refs.sequences().of(FIRST_PFN)).isEqualTo("set(+1)->1 ; set(+0)->0");
    toDevdax(m);
  }

  @Test
  void memoryThatIsAddedMayGoOnlineAtOnce() {
    DevdaxMachine m = boot("7.2");
    m.machine.memoryBlocks().setAutoOnline(OnlineType.ONLINE_KERNEL);
    toSystemRam(m, 1);
    assertThat(m.machine.memoryBlocks().in(BLOCKS)).allMatch(MemoryBlock::isOnline);
    all(m, OnlineType.OFFLINE);
    toDevdax(m);
  }

  @Test
  void blocksOfTheMachineItselfAreBusyOrHaveHoles() {
    DevdaxMachine m = boot("7.2");
    MemoryBlocks blocks = m.machine.memoryBlocks();
    failure(Errno.EINVAL, () -> blocks.setState(blocks.block("memory0"), OnlineType.OFFLINE));
    failure(Errno.ENOENT, () -> blocks.block("memory17"));
    failure(Errno.EINVAL, () -> OnlineType.of("memory0/state", "sideways"));
    failure(Errno.EINVAL, () -> blocks.add(new PhysRange(0, 4095), "x"));
    failure(Errno.EEXIST, () -> blocks.add(PhysRange.ofLength(0, MemoryBlock.BYTES), "x"));
  }
}
