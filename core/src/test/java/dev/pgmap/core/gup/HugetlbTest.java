package dev.pgmap.core.gup;

import static dev.pgmap.core.gup.FollFlag.WRITE;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.mm.HugetlbPool;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import org.junit.jupiter.api.Test;

/** Memory made of hugetlb pages, and pins of it. */
class HugetlbTest extends DevdaxTest {
  private static final long HUGE = 2 * MIB;

  private static HugetlbPool pool(DevdaxMachine m, long nrPages) {
    HugetlbPool pool = m.machine.mmContext().ordinary().hugetlb().byDefault();
    pool.setNrPages(m.machine.mmContext(), nrPages);
    return pool;
  }

  private static long pfnAt(Task task, long address) {
    return task.mm().tables().find(address).pfnOf(address);
  }

  @EachEra
  void aPageOfThePoolIsMappedByOneEntryAndPinnedAsOneFolio(String era) {
    DevdaxMachine m = boot(era);
    HugetlbPool pool = pool(m, 3);
    MmContext context = m.machine.mmContext();
    Task task = m.machine.newTask("test");
    long at = task.mm().mmapHugetlb(2 * HUGE - PAGE);
    assertThat(pool.nrReserved()).isEqualTo(2);
    task.mm().store(at + 5 * PAGE, (byte) 4);

    Mapping mapping = new Mapping(m.machine, task, at, 2 * HUGE);
    long[] pins = mapping.take(PIN_FAST, 1, 500, WRITE);
    assertThat(pins).hasSize(500);
    assertThat(task.mm().tables().find(at).level()).isEqualTo(Geometry.PMD);
    assertThat(pool.nrFree(context)).isEqualTo(2);
    assertThat(pool.nrReserved()).isEqualTo(1);
    task.exit();
    assertThat(pool.nrFree(context)).as("a pinned page is not free").isEqualTo(2);
    assertThat(m.machine.memory().loadByte((pins[4] << 12))).isEqualTo((byte) 4);
    mapping.unpin(pins);
    assertThat(pool.nrFree(context)).isEqualTo(3);
    assertThat(pool.nrReserved()).isZero();
    pool(m, 0);
  }

  @EachEra
  void aForkSharesThemAndAWriteCopiesAWholePageOrIsSigbusWithoutOne(String era) {
    DevdaxMachine m = boot(era);
    pool(m, 2);
    Task parent = m.machine.newTask("test");
    long at = parent.mm().mmapHugetlb(HUGE);
    parent.mm().store(at, (byte) 1);
    Task child = parent.fork();
    Task third = parent.fork();
    assertThat(pfnAt(child, at)).isEqualTo(pfnAt(parent, at));

    child.mm().store(at, (byte) 2);
    assertThat(parent.mm().load(at)).isEqualTo((byte) 1);
    assertThatThrownBy(() -> third.mm().store(at, (byte) 3)).isInstanceOf(TaskSignal.class);
    child.exit();
    third.mm().store(at, (byte) 3);
    assertThat(parent.mm().load(at)).isEqualTo((byte) 1);
    third.exit();
    parent.exit();
    pool(m, 0);
  }

  @Test
  void aForkCopiesAPinnedOneAtOnce() {
    DevdaxMachine m = boot("7.2");
    pool(m, 2);
    Task parent = m.machine.newTask("test");
    long at = parent.mm().mmapHugetlb(HUGE);
    parent.mm().store(at, (byte) 1);
    Mapping mapping = new Mapping(m.machine, parent, at, HUGE);
    long[] pins = mapping.take(PIN_FAST, 0, 1, WRITE);
    Task child = parent.fork();
    parent.mm().store(at, (byte) 2);
    assertThat(pfnAt(parent, at)).isEqualTo(pins[0]);
    assertThat(child.mm().load(at)).isEqualTo((byte) 1);
    mapping.unpin(pins);
    child.exit();
    parent.exit();
    pool(m, 0);
  }

  @Test
  void sharedOnesAreTheSameInAChild() {
    DevdaxMachine m = boot("7.2");
    HugetlbPool pool = pool(m, 2);
    Task parent = m.machine.newTask("test");
    long at = parent.mm().mmapHugetlb(2 * HUGE, pool, true, true);
    parent.mm().store(at + HUGE, (byte) 1);
    Task child = parent.fork();
    child.mm().store(at + HUGE, (byte) 2);
    assertThat(parent.mm().load(at + HUGE)).isEqualTo((byte) 2);
    assertThat(parent.mm().tables().find(at + HUGE).level()).isEqualTo(Geometry.PMD);
    assertErrno(Errno.EINVAL, () -> parent.mm().munmap(at, PAGE));
    assertErrno(Errno.ENOMEM, () -> parent.mm().mmapHugetlb(HUGE, pool, true, true));
    child.exit();
    parent.exit();
    pool(m, 0);
  }

  @Test
  void theyAreNeverSplitAndMoveWhole() {
    DevdaxMachine m = boot("7.2");
    HugetlbPool pool = pool(m, 3);
    Task task = m.machine.newTask("test");
    Mm mm = task.mm();
    long at = mm.mmapHugetlb(3 * HUGE);
    mm.store(at + HUGE, (byte) 5);
    assertErrno(Errno.EINVAL, () -> mm.munmap(at, PAGE));
    assertErrno(Errno.EINVAL, () -> mm.mprotect(at + PAGE, PAGE, true, false));
    assertErrno(Errno.EINVAL, () -> mm.madvise(at, HUGE, MemoryAdvice.DONTNEED));
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, PAGE, Mm.MREMAP_MAYMOVE, 0));
    assertErrno(Errno.EINVAL, () -> mm.mmapHugetlb(0));

    mm.munmap(at, HUGE);
    assertThat(pool.nrReserved()).as("one of three was promised and not used").isEqualTo(1);
    long to = 0x1000_0000_0000L;
    mm.mremap(at + HUGE, 2 * HUGE, 2 * HUGE, Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED, to);
    assertThat(mm.load(to)).isEqualTo((byte) 5);
    assertThat(mm.tables().find(to).level()).isEqualTo(Geometry.PMD);
    mm.mprotect(to, HUGE, true, false);
    assertThatThrownBy(() -> mm.store(to, (byte) 1)).isInstanceOf(TaskSignal.class);
    task.exit();
    assertThat(pool.nrReserved()).isZero();
    pool(m, 0);
  }

  @Test
  void withoutAPoolThereAreNone() {
    DevdaxMachine m = boot("7.2");
    Task task = m.machine.newTask("test");
    assertThat(assertErrno(Errno.ENOMEM, () -> task.mm().mmapHugetlb(HUGE)))
        .hasMessageContaining("nr_hugepages");
    HugetlbPool pool = m.machine.mmContext().ordinary().hugetlb().byDefault();
    assertErrno(Errno.EINVAL, () -> pool.setNrPages(m.machine.mmContext(), -1));
    assertErrno(Errno.EINVAL, () -> m.machine.mmContext().ordinary().hugetlb().ofBytes(4096));
    long before = m.machine.ram().freePages();
    pool(m, 1_000_000);
    assertThat(pool.nrPages()).as("as many as RAM allows").isPositive().isLessThan(1_000_000);
    pool(m, 0);
    assertThat(m.machine.ram().freePages()).isEqualTo(before);
  }
}
