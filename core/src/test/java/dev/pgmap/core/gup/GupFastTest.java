package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.GET_FAST;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the walk without locks takes, and where it stops. */
class GupFastTest extends DevdaxTest {
  private static final int FAST_ONLY = FollFlag.FAST_ONLY;
  private static final int WRITE = FollFlag.WRITE;
  private static final int LONGTERM = FollFlag.LONGTERM;

  private static long[] pfns(long first, long nrPages) {
    return LongStream.range(first, first + nrPages).toArray();
  }

  private DevdaxMachine with4k(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, PAGE, MapLocation.DEV);
    return m;
  }

  private DevdaxMachine with2m(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, 2 * MIB, MapLocation.MEM);
    return m;
  }

  /** Changes the entry of an address as hardware or another thread would. */
  private static void rewrite(Task task, long address, long clear, long set) {
    PageTables tables = task.mm().tables();
    Leaf leaf = Objects.requireNonNull(tables.find(address));
    tables.lock();
    try {
      long entry = leaf.entry() & ~clear | set;
      assertThat(tables.replaceLeaf(leaf.address(), leaf.level(), leaf.entry(), entry)).isTrue();
    } finally {
      tables.unlock();
    }
  }

  @EachEra
  void aReadOnlyMappingGivesPagesForReadingOnly(String era) {
    DevdaxMachine m = with4k(era);
    Mapping mapping = m.map(m.machine.newTask("test"), 0, 4 * PAGE, 0, false);
    for (int i = 0; i < 4; i++) {
      mapping.task().mm().load(mapping.at(i));
    }

    assertThat(mapping.take(PIN_FAST, 0, 4, WRITE | FAST_ONLY)).isEmpty();
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 0, 4, WRITE));
    assertErrno(Errno.EFAULT, () -> mapping.take(GET_FAST, 0, 4, WRITE));

    long[] taken = mapping.take(PIN_FAST, 0, 4, FAST_ONLY);
    assertThat(taken).isEqualTo(pfns(DATA_PFN, 4));
    mapping.unpin(taken);
  }

  @EachEra
  void aHoleEndsTheResult(String era) {
    DevdaxMachine m = with4k(era);
    Mapping mapping = m.map(0, 8 * PAGE).touch();
    mapping.task().mm().munmap(mapping.at(5), PAGE);

    long[] pins = mapping.take(PIN_FAST, 2, 6, WRITE);
    long[] gets = mapping.take(GET_FAST, 0, 8, FAST_ONLY);

    assertThat(pins).isEqualTo(pfns(DATA_PFN + 2, 3));
    assertThat(gets).isEqualTo(pfns(DATA_PFN, 5));
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 5, 1, 0));
    mapping.unpin(pins);
    mapping.put(gets);
  }

  @EachEra
  void whereNothingIsMappedThereIsAFault(String era) {
    DevdaxMachine m = with4k(era);
    Mapping mapping = m.map(0, PAGE).touch();

    assertErrno(
        Errno.EFAULT,
        () -> m.machine.gup().pinUserPagesFast(mapping.task().mm(), 0, 1, 0, new long[1], 0));
    assertThat(
            m.machine.gup().getUserPagesFast(mapping.task().mm(), 0, 1, FAST_ONLY, new long[1], 0))
        .isZero();
  }

  @EachEra
  void fastOnlyTakesWhatIsMappedAndFaultsNothingIn(String era) {
    DevdaxMachine m = with4k(era);
    Mapping mapping = m.map(0, 8 * PAGE);
    assertThat(mapping.take(PIN_FAST, 0, 8, WRITE | FAST_ONLY)).isEmpty();
    mapping.task().mm().touch(mapping.start(), 3 * PAGE, (byte) 0);

    long[] some = mapping.take(PIN_FAST, 0, 8, WRITE | FAST_ONLY);
    long[] all = mapping.take(PIN_FAST, 0, 8, WRITE);

    assertThat(some).isEqualTo(pfns(DATA_PFN, 3));
    assertThat(all).isEqualTo(pfns(DATA_PFN, 8));
    mapping.unpin(some);
    mapping.unpin(all);
  }

  @EachEra
  void aSpecialEntryStopsTheWalk(String era) {
    DevdaxMachine m = with4k(era);
    Mapping mapping = m.map(0, 6 * PAGE).touch();
    long devmap = Objects.requireNonNull(mapping.task().mm().tables().find(mapping.at(4))).entry();
    rewrite(mapping.task(), mapping.at(4), Pte.DEVMAP, Pte.SPECIAL);

    assertThat(mapping.take(GET_FAST, 4, 1, FAST_ONLY)).isEmpty();
    long[] taken = mapping.take(PIN_FAST, 0, 6, WRITE);

    assertThat(taken).isEqualTo(pfns(DATA_PFN, 4));
    rewrite(mapping.task(), mapping.at(4), Pte.SPECIAL, devmap & Pte.DEVMAP);
    mapping.unpin(taken);
  }

  @EachEra
  void aSpecialHugeEntryIsNotTaken(String era) {
    DevdaxMachine m = with2m(era);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    rewrite(mapping.task(), mapping.start(), 0, Pte.SPECIAL);

    assertThat(mapping.take(PIN_FAST, 0, 512, FAST_ONLY)).isEmpty();

    rewrite(mapping.task(), mapping.start(), Pte.SPECIAL, 0);
  }

  @ParameterizedTest(name = "{0}, align {1}")
  @CsvSource({
    "5.10,4096",
    "5.10,2097152",
    "5.17,2097152",
    "6.1,4096",
    "6.1,2097152",
    "6.12,2097152",
    "7.2,4096",
    "7.2,2097152"
  })
  void anEntryThatChangesDuringTheGrabIsGivenBack(String era, long align) {
    HookedPageRefs refs = new HookedPageRefs();
    DevdaxMachine m = boot(era, refs);
    m.create(0, align, MapLocation.MEM);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    long[] before = m.snapshot(DATA_PFN, 512);

    refs.afterGet = () -> rewrite(mapping.task(), mapping.start(), Pte.ACCESSED, 0);
    long[] pins = mapping.take(PIN_FAST, 0, 512, FAST_ONLY);
    refs.afterGet = () -> rewrite(mapping.task(), mapping.start(), 0, Pte.ACCESSED);
    long[] gets = mapping.take(GET_FAST, 0, 512, FAST_ONLY);

    assertThat(pins).isEmpty();
    assertThat(gets).isEmpty();
    assertSameButReferenced(m, before, m.snapshot(DATA_PFN, 512));
  }

  /** Kernels up to 6.14 mark the pages of a huge leaf referenced before the second look. */
  private static void assertSameButReferenced(DevdaxMachine m, long[] before, long[] after) {
    long referenced = PageFlag.REFERENCED.bit();
    for (int i = 0; i < before.length; i += 8) {
      after[i] = m.machine.era().equals(Era.V7_2) ? after[i] : after[i] & ~referenced;
      before[i] = m.machine.era().equals(Era.V7_2) ? before[i] : before[i] & ~referenced;
    }
    assertThat(after).isEqualTo(before);
  }

  @EachEra
  void aChangedEntryInTheMiddleKeepsThePagesBefore(String era) {
    HookedPageRefs refs = new HookedPageRefs();
    DevdaxMachine m = boot(era, refs);
    m.create(0, PAGE, MapLocation.MEM);
    Mapping mapping = m.map(0, 8 * PAGE).touch();

    refs.afterGet = () -> rewrite(mapping.task(), mapping.at(3), Pte.ACCESSED, 0);
    long[] first = mapping.take(GET_FAST, 0, 8, FAST_ONLY);
    refs.afterGet =
        () -> refs.afterGet = () -> rewrite(mapping.task(), mapping.at(1), Pte.ACCESSED, 0);
    long[] second = mapping.take(GET_FAST, 0, 8, FAST_ONLY);

    assertThat(first).as("the entry changed before it was read").hasSize(8);
    assertThat(second).as("the entry changed while its page was taken").hasSize(1);
    mapping.put(first);
    mapping.put(second);
  }

  @EachEra
  void aLongtermPinOfADeviceGoesTheWayOfItsKernel(String era) {
    DevdaxMachine base = with4k(era);
    DevdaxMachine huge = with2m(era);
    boolean fastForReading = base.machine.era().mapping().holdsReference();
    for (DevdaxMachine m : List.of(base, huge)) {
      Mapping mapping = m.map(0, 2 * MIB).touch();

      assertThat(mapping.take(PIN_FAST, 0, 512, LONGTERM | WRITE | FAST_ONLY)).isEmpty();
      long[] read = mapping.take(PIN_FAST, 0, 512, LONGTERM | FAST_ONLY);
      assertThat(read).hasSize(fastForReading ? 512 : 0);
      long[] slow = mapping.take(PIN_FAST, 0, 512, LONGTERM | WRITE);

      assertThat(slow).isEqualTo(pfns(DATA_PFN, 512));
      mapping.unpin(read);
      mapping.unpin(slow);
    }
  }

  @EachEra
  void aLongtermPinOfAnonymousMemoryIsFast(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = m.mapAnonymous(m.machine.newTask("test"), 4 * PAGE, true).touch();

    long[] taken = mapping.take(PIN_FAST, 0, 4, LONGTERM | WRITE | FAST_ONLY);

    assertThat(taken).hasSize(4);
    mapping.unpin(taken);
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.10", "6.12", "7.2"})
  void badArgumentsAreRefusedAndTakeNothing(String era) {
    DevdaxMachine m = with4k(era);
    m.expectWarnings();
    Mapping mapping = m.map(0, 4 * PAGE).touch();
    int p2pdma = FollFlag.PCI_P2PDMA;

    assertErrno(Errno.EINVAL, () -> mapping.take(GET_FAST, 0, 1, LONGTERM));
    assertErrno(Errno.EINVAL, () -> mapping.take(GET_FAST, 0, 1, FollFlag.PIN));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN_FAST, 0, 1, FollFlag.GET));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN_FAST, 0, 1, LONGTERM | p2pdma));
    assertErrno(Errno.EINVAL, () -> mapping.take(PIN_FAST, 0, 1, FollFlag.TOUCH));
    for (int bit = 16; bit <= 22; bit++) {
      int flag = 1 << bit;
      if (flag != FollFlag.PIN && flag != FAST_ONLY) {
        assertErrno(Errno.EINVAL, () -> mapping.take(PIN_FAST, 0, 1, flag));
        assertErrno(Errno.EINVAL, () -> mapping.take(GET_FAST, 0, 1, flag));
      }
    }
    for (int flag : new int[] {FollFlag.DUMP, FollFlag.NOWAIT, FollFlag.ANON, FollFlag.HWPOISON}) {
      assertErrno(Errno.EINVAL, () -> mapping.take(PIN_FAST, 0, 1, flag));
    }
    assertThat(m.warnings()).singleElement().asString().startsWith("gup: bad flags");
    assertThat(m.machine.vmstat().pinAcquired()).isZero();
  }

  @ParameterizedTest(name = "{0} levels")
  @ValueSource(ints = {4, 5})
  void rangesThatLeaveUserSpaceAreFaultsAndThoseThatWrapOverflow(int levels) {
    MachineSpec spec = DevdaxMachine.spec(Era.V7_2);
    DevdaxMachine m =
        boot(
            new MachineSpec(2, spec.ram(), spec.pmem(), List.of(), levels, Era.V7_2),
            new PageRefs());
    m.create(0, PAGE, MapLocation.DEV);
    Mapping mapping = m.map(0, PAGE).touch();
    long end = (levels == 4 ? 1L << 47 : 1L << 56) - PAGE;
    assertThat(mapping.task().mm().taskSizeMax()).isEqualTo(end);

    assertErrno(Errno.EFAULT, () -> pinAt(mapping, end - PAGE, 2));
    assertErrno(Errno.EFAULT, () -> pinAt(mapping, end, 1));
    assertErrno(Errno.EFAULT, () -> pinAt(mapping, Long.MAX_VALUE, 1));
    assertErrno(Errno.EFAULT, () -> pinAt(mapping, Long.MIN_VALUE, 1));
    assertErrno(Errno.EFAULT, () -> pinAt(mapping, 0xffff_8000_0000_0000L, 1));
    assertErrno(Errno.EOVERFLOW, () -> pinAt(mapping, -2 * PAGE, 3));
    assertErrno(Errno.EINVAL, () -> pinAt(mapping, mapping.start(), 0));
    assertErrno(Errno.EINVAL, () -> pinAt(mapping, mapping.start(), -1));
    assertThat(pinAt(mapping, mapping.start() + 123, 1)).isEqualTo(1);
    m.machine.gup().unpinUserPage(DATA_PFN);
  }

  private static int pinAt(Mapping mapping, long address, int nrPages) {
    return mapping
        .machine()
        .gup()
        .pinUserPagesFast(mapping.task().mm(), address, nrPages, 0, new long[4], 0);
  }

  @EachEra
  void aForkDuringTheWalkTakesAllPinsBack(String era) {
    HookedPageRefs refs = new HookedPageRefs();
    DevdaxMachine m = boot(era, refs);
    m.create(0, PAGE, MapLocation.MEM);
    Mapping mapping = m.map(0, 8 * PAGE).touch();

    refs.afterGet = () -> mapping.task().fork().exit();
    long[] pins = mapping.take(PIN_FAST, 0, 8, WRITE | FAST_ONLY);
    refs.afterGet = () -> mapping.task().fork().exit();
    long[] gets = mapping.take(GET_FAST, 0, 8, WRITE | FAST_ONLY);
    refs.afterGet = () -> mapping.task().fork().exit();
    long[] slowly = mapping.take(PIN_FAST, 0, 8, WRITE);

    assertThat(pins).isEmpty();
    assertThat(gets).as("a get does not care").hasSize(8);
    assertThat(slowly).as("the slow path takes over").hasSize(8);
    mapping.put(gets);
    mapping.unpin(slowly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "5.17", "5.18", "6.1", "6.12", "6.15", "6.17", "7.0", "7.2"})
  void whileAForkCopiesNothingIsPinnedFast(String era) {
    HookedPageRefs refs = new HookedPageRefs();
    DevdaxMachine m = boot(era, refs);
    Mapping mapping = m.mapAnonymous(m.machine.newTask("test"), 2 * PAGE, true).touch();
    long[] pinned = mapping.take(PIN_FAST, 1, 1, WRITE);
    long[][] taken = new long[2][];

    refs.afterSet =
        () -> {
          taken[0] = mapping.take(PIN_FAST, 0, 2, FAST_ONLY);
          taken[1] = mapping.take(GET_FAST, 0, 2, FAST_ONLY);
        };
    mapping.task().fork().exit();

    assertThat(taken[0]).isEmpty();
    assertThat(taken[1]).hasSize(2);
    assertThat(mapping.task().mm().hasPinned()).isTrue();
    mapping.put(taken[1]);
    mapping.unpin(pinned);
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}, {1} levels")
  @CsvSource({"5.10,4", "5.17,5", "6.1,4", "6.1,5", "6.12,4", "7.2,4", "7.2,5"})
  void partsOfLeavesOfEveryLevelAreTaken(String era, int levels) {
    MachineSpec spec = DevdaxMachine.spec(Era.named(era));
    DevdaxMachine m =
        boot(
            new MachineSpec(2, spec.ram(), spec.pmem(), List.of(), levels, spec.era()),
            new PageRefs());
    m.create(0, PAGE, MapLocation.DEV);
    m.create(1, 2 * MIB, MapLocation.DEV);
    m.create(2, GIB, MapLocation.DEV, 2 * GIB);
    long[] sizes = {4 * MIB, 4 * MIB, GIB};
    long[] firsts = {DATA_PFN, dataPfn(m, 1), dataPfn(m, 2)};
    for (int region = 0; region < 3; region++) {
      Mapping mapping = m.map(region, sizes[region]).touch();

      long[] across = mapping.take(PIN_FAST, 500, 24, WRITE | FAST_ONLY);
      long[] last = mapping.take(GET_FAST, mapping.nrPages() - 1L, 1, FAST_ONLY);

      assertThat(across).isEqualTo(pfns(firsts[region] + 500, 24));
      assertThat(last).isEqualTo(pfns(firsts[region] + mapping.nrPages() - 1, 1));
      mapping.unpin(across);
      mapping.put(last);
    }
  }

  private static long dataPfn(DevdaxMachine m, int region) {
    return m.machine.daxBus().device("dax" + region + ".0").dataRanges().getFirst().firstPfn();
  }

  @EachEra
  void aRangeOverTwoAreasOfDifferentMemoryIsTakenWhole(String era) {
    DevdaxMachine m = with4k(era);
    Task task = m.machine.newTask("test");
    Mapping upper = m.map(task, 0, 4 * PAGE, 0, true).touch();
    Mapping anonymous = m.mapAnonymous(task, 4 * PAGE, true).touch();
    Mapping lower = m.map(task, 0, 4 * PAGE, 100, true).touch();
    assertThat(lower.end()).isEqualTo(anonymous.start());
    assertThat(anonymous.end()).isEqualTo(upper.start());

    long[] taken = lower.take(PIN_FAST, 0, 12, WRITE | FAST_ONLY);

    assertThat(taken).hasSize(12).startsWith(pfns(DATA_PFN + 100, 4)).endsWith(pfns(DATA_PFN, 4));
    assertThat(m.count(taken[5]))
        .isEqualTo(m.machine.era().gup().countsPins() ? 1 + RefWord.PIN_BIAS : 2);
    lower.unpin(taken);
    task.exit();
  }

  @EachEra
  void aPageCanBePinnedAsOftenAsItsCountHoldsAndNoMore(String era) {
    DevdaxMachine m = with4k(era);
    m.expectWarnings();
    Mapping mapping = m.map(0, PAGE).touch();
    long[] one = new long[1];
    int nr = 0;
    int inOnePin = m.machine.era().gup().countsPins() ? RefWord.PIN_BIAS : 1;
    int nrMost = inOnePin == 1 ? 1 << 12 : 1 << 20;
    int before = (1 << 30) - nrMost * inOnePin;
    m.machine.pageRefs().mod(DATA_PFN, m.head(DATA_PFN), before);
    while (nr < 1 << 21 && pin(mapping, one) == 1) {
      nr++;
    }
    assertThat(nr).isBetween(nrMost - 1, nrMost);
    assertErrno(Errno.ENOMEM, () -> mapping.take(PIN_FAST, 0, 1, WRITE));

    for (int i = 0; i < nr; i++) {
      m.machine.gup().unpinUserPage(DATA_PFN);
    }
    m.machine.pageRefs().mod(DATA_PFN, m.head(DATA_PFN), -before);
    mapping.unmap();
    assertThat(m.count(DATA_PFN)).isEqualTo(1);
  }

  private static int pin(Mapping mapping, long[] one) {
    return mapping
        .machine()
        .gup()
        .pinUserPagesFast(mapping.task().mm(), mapping.start(), 1, WRITE | FAST_ONLY, one, 0);
  }
}
