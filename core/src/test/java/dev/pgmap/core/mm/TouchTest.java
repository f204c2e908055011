package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.DEVICE_START;
import static dev.pgmap.core.mm.MmLab.GIB;
import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import dev.pgmap.core.pgtable.Pte;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TouchTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Mm mm = lab.task().mm();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void everyPageOfTheRangeAndNoOtherGetsTheByte() {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      TestDevice device =
          lab.device("/dev/dax" + align, DEVICE_START + align * 512, 8 * MIB, align);
      long at = mm.mmap(device.space, 8 * MIB, 0, true, true);
      mm.touch(at + 3 * PAGE, 6 * MIB, (byte) 7);
      for (long page = 0; page < 8 * MIB; page += PAGE) {
        boolean inside = page >= 3 * PAGE && page < 3 * PAGE + 6 * MIB;
        assertThat(lab.memory.loadByte(device.start + page)).isEqualTo((byte) (inside ? 7 : 0));
      }
      assertThat(lab.memory.loadByte(device.start + 3 * PAGE + 1)).isZero();
    }
  }

  @Test
  void touchingWithZeroMapsAndDirtiesButUsesNoMemory() {
    TestDevice device = lab.device(4 * GIB, GIB);
    long at = mm.mmap(device.space, 4 * GIB, 0, true, true);
    mm.touch(at, 4 * GIB, (byte) 0);
    assertThat(device.ordersTried).containsExactly(18, 18, 18, 18);
    assertThat(Pte.isDirty(mm.tables().find(at + 3 * GIB).entry())).isTrue();
    assertThat(lab.memory.isAllZero(device.pfn(0))).isTrue();
    assertThat(lab.memory.isAllZero(device.pfn((4 * GIB >> 12) - 1))).isTrue();
  }

  @Test
  void progressGrowsAndEndsAtTheWhole() {
    TestDevice device = lab.device(2 * GIB, 2 * MIB);
    long at = mm.mmap(device.space, 2 * GIB, 0, true, true);
    List<Long> reports = new ArrayList<>();
    mm.touch(at, 2 * GIB, (byte) 0, reports::add);
    assertThat(reports).isSorted().hasSizeGreaterThan(10);
    assertThat(reports.getLast()).isEqualTo(2 * GIB >> 12);
    reports.clear();
    mm.touch(at, PAGE + 1, (byte) 0, reports::add);
    assertThat(reports).containsExactly(2L);
    reports.clear();
    mm.touch(at, 0, (byte) 0, reports::add);
    assertThat(reports).containsExactly(0L);
  }

  @Test
  void touchingCrossesFromOneAreaIntoTheNext() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    long upper = mm.mmap(null, 16 * PAGE, 0, false, true);
    long lower = mm.mmap(device.space, 16 * PAGE, 0, true, true);
    assertThat(lower + 16 * PAGE).isEqualTo(upper);
    mm.touch(lower, 32 * PAGE, (byte) 3);
    assertThat(mm.load(lower + 15 * PAGE)).isEqualTo((byte) 3);
    assertThat(mm.load(upper + 15 * PAGE)).isEqualTo((byte) 3);
  }

  @Test
  void itStopsWhereItMayNotStore() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    long at = mm.mmap(device.space, 4 * MIB + 4 * PAGE, 0, true, true);
    assertThatThrownBy(() -> mm.touch(at, 4 * MIB + 4 * PAGE, (byte) 1))
        .isInstanceOfSatisfying(
            TaskSignal.class,
            e -> {
              assertThat(e.signal()).isEqualTo(TaskSignal.SIGBUS);
              assertThat(e.address()).isEqualTo(at + 4 * MIB);
            });
    assertThat(mm.load(at + 4 * MIB - PAGE)).isEqualTo((byte) 1);
  }

  @Test
  void rangesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> mm.touch(1, PAGE, (byte) 0)).isInstanceOf(MmException.class);
    assertThatThrownBy(() -> mm.touch(PAGE, -1, (byte) 0)).isInstanceOf(MmException.class);
    assertThatThrownBy(() -> mm.touch(PAGE, mm.taskSizeMax(), (byte) 0))
        .isInstanceOf(MmException.class);
    assertThatThrownBy(() -> mm.touch(-PAGE, PAGE, (byte) 0)).isInstanceOf(MmException.class);
  }
}
