package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.GET;
import static dev.pgmap.core.testing.Mapping.PIN;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the walk under the mmap lock takes, and with which errno it fails. */
class GupSlowTest extends DevdaxTest {
  private static final int WRITE = FollFlag.WRITE;

  private static long[] pfns(long first, long nrPages) {
    return LongStream.range(first, first + nrPages).toArray();
  }

  private DevdaxMachine with(String era, long align) {
    DevdaxMachine m = boot(era);
    m.create(0, align, MapLocation.DEV);
    return m;
  }

  @EachEra
  void whatIsNotMappedYetIsFaultedIn(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = with(era, align);
      Mapping mapping = m.map(0, 4 * MIB);

      long[] pins = mapping.take(PIN, 500, 24, WRITE);
      long[] gets = mapping.take(GET, 0, 1024, 0);

      assertThat(pins).isEqualTo(pfns(DATA_PFN + 500, 24));
      assertThat(gets).isEqualTo(pfns(DATA_PFN, 1024));
      mapping.unpin(pins);
      mapping.put(gets);
    }
  }

  /** As the flags in the dump recordings of 7.2 and 6.1 show it. */
  @ParameterizedTest
  @ValueSource(longs = {PAGE, 2 * MIB})
  void aSlowCallTouchesPagesButNotThoseBehindDevmapEntries(long align) {
    DevdaxMachine today = with("7.2", align);
    Mapping mapping = today.map(0, 2 * MIB);

    long[] first = mapping.take(GET, 0, 512, WRITE);
    assertThat(flags(today)).containsExactlyInAnyOrder("REFERENCED", "DIRTY", "RESERVED");
    mapping.put(first);
    long[] second = mapping.take(PIN, 0, 512, WRITE);
    assertThat(flags(today)).containsExactlyInAnyOrder("DIRTY", "RESERVED");
    mapping.unpin(second);

    DevdaxMachine devmap = with("6.1", align);
    Mapping older = devmap.map(0, 2 * MIB);
    long[] third = older.take(GET, 0, 512, WRITE);
    assertThat(flags(devmap)).containsExactly("RESERVED");
    older.put(third);
  }

  private static List<String> flags(DevdaxMachine m) {
    StructPages pages = m.machine.structPages();
    return PageFlag.of(pages.flags(pages.record(DATA_PFN))).stream()
        .filter(flag -> flag != PageFlag.HEAD)
        .map(PageFlag::name)
        .toList();
  }

  @EachEra
  void aLongtermPinOfADeviceIsAllowed(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = with(era, align);
      Mapping mapping = m.map(0, 2 * MIB);

      long[] pins = mapping.take(PIN, 0, 512, WRITE | FollFlag.LONGTERM);

      assertThat(pins).isEqualTo(pfns(DATA_PFN, 512));
      mapping.unpin(pins);
    }
  }

  @EachEra
  void whereNoAreaIsThereIsAFault(String era) {
    DevdaxMachine m = with(era, PAGE);
    Mapping mapping = m.map(0, PAGE);
    Gup gup = m.machine.gup();

    assertErrno(Errno.EFAULT, () -> mapping.take(PIN, -1, 1, 0));
    assertErrno(Errno.EFAULT, () -> mapping.take(GET, 1, 1, 0));
    for (long address : new long[] {0, mapping.task().mm().taskSizeMax(), Long.MIN_VALUE, -PAGE}) {
      assertErrno(
          Errno.EFAULT, () -> gup.pinUserPages(mapping.task().mm(), address, 1, 0, new long[1], 0));
    }
  }

  @EachEra
  void theAreaMustAllowTheAccess(String era) {
    DevdaxMachine m = with(era, PAGE);
    Task task = m.machine.newTask("test");
    Mapping readOnly = m.map(task, 0, 4 * PAGE, 0, false);
    Mapping none =
        new Mapping(
            m.machine, task, task.mm().mmapNoAccess(m.node(0), 4 * PAGE, 0, true), 4 * PAGE);

    assertErrno(Errno.EFAULT, () -> readOnly.take(PIN, 0, 1, WRITE));
    assertErrno(Errno.EFAULT, () -> readOnly.take(PIN, 0, 1, WRITE | FollFlag.FORCE));
    assertErrno(Errno.EFAULT, () -> none.take(GET, 0, 1, 0));
    assertErrno(Errno.EFAULT, () -> none.take(GET, 0, 1, WRITE));
    assertThat(readOnly.take(GET, 0, 1, 0)).containsExactly(DATA_PFN);
    m.machine.gup().putPage(DATA_PFN);
  }

  @EachEra
  void follAnonWantsAnonymousMemory(String era) {
    DevdaxMachine m = with(era, PAGE);
    Mapping device = m.map(0, PAGE);
    Mapping anonymous = m.mapAnonymous(device.task(), 2 * PAGE, true);

    assertErrno(Errno.EFAULT, () -> device.take(GET, 0, 1, FollFlag.ANON));
    long[] pages = anonymous.take(GET, 0, 2, FollFlag.ANON | WRITE);

    assertThat(pages).hasSize(2);
    anonymous.put(pages);
    anonymous.task().exit();
  }

  @EachEra
  void noFaultTakesWhatIsMappedOnly(String era) {
    DevdaxMachine m = with(era, PAGE);
    Mapping mapping = m.map(0, 4 * PAGE);
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN, 0, 4, WRITE | FollFlag.NOFAULT));
    mapping.task().mm().touch(mapping.start(), 2 * PAGE, (byte) 0);

    long[] pins = mapping.take(PIN, 0, 4, WRITE | FollFlag.NOFAULT);

    assertThat(pins).isEqualTo(pfns(DATA_PFN, 2));
    mapping.unpin(pins);
  }

  @EachEra
  void anErrorAfterTheFirstPageIsACount(String era) {
    DevdaxMachine m = with(era, PAGE);
    Mapping mapping = m.map(0, 8 * PAGE);
    mapping.task().mm().munmap(mapping.at(5), PAGE);

    long[] pins = mapping.take(PIN, 3, 5, WRITE);

    assertThat(pins).isEqualTo(pfns(DATA_PFN + 3, 2));
    mapping.unpin(pins);
  }

  @Test
  void aRangeThatLeavesUserSpaceGivesThePagesBeforeItsEnd() {
    DevdaxMachine m = with("7.2", PAGE);
    Mapping mapping = m.map(0, 2 * PAGE);
    assertThat(mapping.end()).isEqualTo(mapping.task().mm().taskSizeMax());

    long[] pins = mapping.take(PIN, 1, 5, WRITE);

    assertThat(pins).containsExactly(DATA_PFN + 1);
    mapping.unpin(pins);
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 1, 5, WRITE));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN, 0, 0, WRITE));
  }

  @EachEra
  void pagesBeyondTheDeviceAreFaults(String era) {
    DevdaxMachine m = with(era, PAGE);
    long devicePages = m.machine.daxBus().device("dax0.0").bytes() >>> 12;
    Mapping end = m.map(m.machine.newTask("test"), 0, 4 * PAGE, devicePages - 2, true);

    assertThat(end.take(GET, 0, 4, WRITE)).hasSize(2);
    assertErrno(Errno.EFAULT, () -> end.take(GET, 2, 1, 0));
    m.machine.gup().putPage(0x73ffe);
    m.machine.gup().putPage(0x73fff);
  }

  @EachEra
  void pagesOfADeviceThatIsGoneAreFaults(String era) {
    DevdaxMachine m = with(era, 2 * MIB);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    m.destroy(0);

    assertErrno(Errno.EFAULT, () -> mapping.take(PIN, 0, 1, 0));
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 0, 512, WRITE));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.10", "7.2"})
  void withoutRamThereIsNoMemory(String era) {
    DevdaxMachine m = boot(era);
    Task task = m.machine.newTask("test");
    Mapping mapping = m.mapAnonymous(task, 512 * MIB, true);

    long[] some = mapping.take(PIN_FAST, 0, mapping.nrPages(), WRITE);
    assertErrno(Errno.ENOMEM, () -> mapping.take(PIN, some.length, 1, WRITE));

    assertThat(m.machine.ram().freePages()).isZero();
    mapping.unpin(some);
    task.exit();
  }

  @EachEra
  void twoAreasOfDifferentMemoryAreTakenInOneCall(String era) {
    DevdaxMachine m = with(era, PAGE);
    Task task = m.machine.newTask("test");
    Mapping upper = m.map(task, 0, 4 * PAGE, 0, true);
    Mapping lower = m.mapAnonymous(task, 4 * PAGE, true);
    assertThat(lower.end()).isEqualTo(upper.start());

    long[] pins = lower.take(PIN, 0, 8, WRITE);

    assertThat(pins).hasSize(8).endsWith(pfns(DATA_PFN, 4));
    lower.unpin(pins);
    task.exit();
  }

  @EachEra
  void badArgumentsAreRefused(String era) {
    DevdaxMachine m = with(era, PAGE);
    m.expectWarnings();
    Mapping mapping = m.map(0, PAGE);

    assertErrno(Errno.EINVAL, () -> mapping.take(GET, 0, 1, FollFlag.LONGTERM));
    assertErrno(Errno.EINVAL, () -> mapping.take(GET, 0, 1, FollFlag.PIN));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN, 0, 1, FollFlag.GET));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN, 0, 1, FollFlag.FAST_ONLY));
    assertErrno(
        Errno.EINVAL, () -> mapping.take(PIN, 0, 1, FollFlag.LONGTERM | FollFlag.PCI_P2PDMA));
    assertThat(m.warnings()).hasSize(1);
  }

  /** A driver that takes memory offline without unmapping it first leaves stale devmap entries. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12"})
  void aDevmapEntryWhosePagemapIsDyingIsAFault(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = with(era, align);
      Mapping mapping = m.map(0, 2 * MIB).touch();
      m.machine.pagemaps().memunmap(m.pagemap(0));

      assertThat(mapping.take(PIN_FAST, 0, 512, FollFlag.FAST_ONLY)).isEmpty();
      assertErrno(Errno.EFAULT, () -> mapping.take(PIN, 0, 1, 0));
      assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 0, 512, WRITE));
    }
  }

  @Test
  void aLeafWhoseCountIsFullIsAFaultAndTakesNothing() {
    DevdaxMachine m = with("7.2", 2 * MIB);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    long rec = m.head(DATA_PFN);
    int many = (1 << 30) - 1 - m.count(DATA_PFN) + 1;
    m.machine.pageRefs().mod(DATA_PFN, rec, many);
    int full = m.count(DATA_PFN);

    assertErrno(Errno.EFAULT, () -> mapping.take(PIN, 0, 512, WRITE));

    assertThat(m.count(DATA_PFN)).isEqualTo(full);
    assertThat(m.pincount(DATA_PFN)).isZero();
    m.machine.pageRefs().modAndTest(DATA_PFN, rec, -many);
  }
}
