package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.Crew;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RmapTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);

  @AfterEach
  void nothingIsLeft() {
    try {
      lab.assertNothingLeft();
      assertThat(lab.context.ordinary().anonVmas().nrLive()).as("anon_vmas").isZero();
    } finally {
      lab.close();
    }
  }

  private long pfnAt(Mm mm, long address) {
    return Pte.pfn(mm.tables().find(address).entry());
  }

  @Test
  void aSharedPageIsFoundInParentAndChildrenAndCountsThemAll() {
    Task parent = lab.task();
    long at = parent.mm().mmap(null, 4 * PAGE, 0, false, true);
    parent.mm().store(at + PAGE, (byte) 1);
    long pfn = pfnAt(parent.mm(), at + PAGE);
    Task child = parent.fork();
    Task grandchild = child.fork();

    assertThat(Rmap.mapcount(lab.pages, pfn)).isEqualTo(3);
    assertThat(lab.count(pfn)).isEqualTo(3);
    assertThat(lab.pages.testFlag(lab.record(pfn), PageFlag.ANON_EXCLUSIVE)).isFalse();
    RmapScan.check(lab.context, List.of(parent, child, grandchild));

    child.mm().store(at + PAGE, (byte) 2);
    assertThat(Rmap.mapcount(lab.pages, pfn)).isEqualTo(2);
    RmapScan.check(lab.context, List.of(parent, child, grandchild));
    parent.exit();
    grandchild.mm().store(at + PAGE, (byte) 3);
    assertThat(pfnAt(grandchild.mm(), at + PAGE)).as("the last one keeps the page").isEqualTo(pfn);
    List.of(child, grandchild).forEach(Task::exit);
  }

  @Test
  void theSplitOfAnAreaKeepsItsPagesFindable() {
    Task task = lab.task();
    long at = task.mm().mmap(null, 6 * PAGE, 0, false, true);
    task.mm().touch(at, 6 * PAGE, (byte) 1);
    task.mm().munmap(at + 2 * PAGE, PAGE);
    RmapScan.check(lab.context, List.of(task));
    task.exit();
  }

  @Test
  void theScanSeesAMapCountThatIsWrong() {
    Task task = lab.task();
    long at = task.mm().mmap(null, PAGE, 0, false, true);
    task.mm().store(at, (byte) 1);
    long rec = lab.record(pfnAt(task.mm(), at));
    lab.pages.addMapcount(rec, 1);
    assertThatThrownBy(() -> RmapScan.check(lab.context, List.of(task)))
        .hasMessageContaining("map count");
    lab.pages.addMapcount(rec, -1);
    task.exit();
  }

  @Test
  void randomTasksAgreeWithAScanOfAllTables() {
    Random random = new Random(Crew.seed("RmapTest"));
    run(lab, new RandomTasks(lab, random, false), 1_500);
  }

  @Test
  void randomTasksWithHugePagesAgreeWithAScanOfAllTables() {
    Random random = new Random(Crew.seed("RmapTest, huge"));
    try (MmLab large = new MmLab(MappingPolicy.NORMAL_PAGES, 4, 1 << 30)) {
      large.context.ordinary().hugePages().setMode(HugePages.Mode.ALWAYS);
      run(large, new RandomTasks(large, random, true), 1_000);
      large.assertNothingLeft();
    }
  }

  private static void run(MmLab on, RandomTasks tasks, int nrSteps) {
    try {
      for (int step = 0; step < nrSteps; step++) {
        tasks.step();
        if (step % 25 == 0) {
          RmapScan.check(on.context, tasks.live());
          tasks.checkBytes();
        }
      }
    } finally {
      new ArrayList<>(tasks.live()).forEach(Task::exit);
    }
  }
}
