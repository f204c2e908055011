package dev.pgmap.core.pagewalk;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.LevelWalk;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.Mapping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code walk_page_range} promises to its callbacks. */
class PageWalkTest extends DevdaxTest {
  /** Writes down each call; a test overrides what it is about. */
  private static class Log implements MmWalkOps {
    final List<String> calls = new ArrayList<>();
    private final int levels;

    Log(int... levels) {
      int bits = 0;
      for (int level : levels) {
        bits |= 1 << level;
      }
      this.levels = bits;
    }

    @Override
    public int levels() {
      return levels;
    }

    private static String what(LevelWalk walk) {
      boolean table = Pte.isTable(walk.entry(), walk.table().level());
      return walk.entry() == 0 ? "none" : table ? "table" : "leaf";
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      calls.add("pud " + what(walk));
      return 0;
    }

    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      calls.add("pmd " + what(walk));
      return 0;
    }

    @Override
    public int pteEntry(LevelWalk walk, long address, long next) {
      if (walk.entry() != 0) {
        calls.add("pte " + what(walk));
      }
      return 0;
    }

    @Override
    public int pteHole(long address, long next, int depth) {
      calls.add("hole %d %d".formatted(depth, next - address >>> 12));
      return 0;
    }

    @Override
    public int preVma(Vma vma, long address, long next) {
      calls.add("pre");
      return 0;
    }

    @Override
    public void postVma(Vma vma) {
      calls.add("post");
    }
  }

  private DevdaxMachine machine;

  private Mapping huge() {
    machine = boot("7.2");
    machine.create(0, 2 * MIB, MapLocation.MEM);
    return machine.map(0, 4 * MIB);
  }

  private static int walk(Mapping mapping, long start, long end, MmWalkOps ops) {
    Mm mm = mapping.task().mm();
    mm.mmapLock().lockRead();
    try {
      return PageWalk.walkRange(mm, start, end, ops);
    } finally {
      mm.mmapLock().unlockRead();
    }
  }

  @Test
  void aHugeLeafGoesToTheMethodOfItsLevel() {
    Mapping mapping = huge();
    mapping.task().mm().load(mapping.start());
    Log log = new Log(Geometry.PUD, Geometry.PMD);
    assertThat(walk(mapping, mapping.start() - PAGE, mapping.end(), log)).isZero();
    assertThat(log.calls)
        .containsExactly("hole -1 1", "pre", "pud table", "pmd leaf", "hole 3 512", "post");
  }

  @Test
  void aLowerMethodMakesTheWalkSplitAHugeLeafWhichForDaxClearsIt() {
    Mapping mapping = huge();
    mapping.task().mm().load(mapping.start());
    Log log = new Log(Geometry.PTE);
    walk(mapping, mapping.start(), mapping.end(), log);
    assertThat(log.calls).containsExactly("pre", "hole 3 512", "hole 3 512", "post");
    assertThat(mapping.task().mm().tables().find(mapping.start())).isNull();
  }

  @Test
  void continueLeavesTheSubtreeOutAndNothingIsSplit() {
    Mapping mapping = huge();
    mapping.task().mm().load(mapping.start());
    Log log =
        new Log(Geometry.PMD, Geometry.PTE) {
          @Override
          public int pmdEntry(LevelWalk walk, long address, long next) {
            walk.setAction(LevelWalk.Action.CONTINUE);
            return super.pmdEntry(walk, address, next);
          }
        };
    walk(mapping, mapping.start(), mapping.end(), log);
    assertThat(log.calls).containsExactly("pre", "pmd leaf", "hole 3 512", "post");
    assertThat(mapping.task().mm().tables().find(mapping.start())).isNotNull();
  }

  @Test
  void againLooksAtTheEntryOnceMore() {
    Mapping mapping = huge();
    mapping.task().mm().load(mapping.start());
    Log log =
        new Log(Geometry.PMD) {
          @Override
          public int pmdEntry(LevelWalk walk, long address, long next) {
            if (calls.size() < 3) {
              walk.setAction(LevelWalk.Action.AGAIN);
            }
            return super.pmdEntry(walk, address, next);
          }
        };
    walk(mapping, mapping.start(), mapping.start() + 2 * MIB, log);
    assertThat(log.calls).containsExactly("pre", "pmd leaf", "pmd leaf", "pmd leaf", "post");
  }

  @Test
  void anAreaCanBeLeftOutOrEndTheWalk() {
    Mapping mapping = huge();
    Log skips =
        new Log(Geometry.PMD) {
          @Override
          public int testWalk(Vma vma, long address, long next) {
            return SKIP;
          }
        };
    assertThat(walk(mapping, mapping.start(), mapping.end() + PAGE, skips)).isZero();
    assertThat(skips.calls).containsExactly("hole -1 1");
    Log ends =
        new Log(Geometry.PMD) {
          @Override
          public int testWalk(Vma vma, long address, long next) {
            return -5;
          }
        };
    assertThat(walk(mapping, mapping.start(), mapping.end() + PAGE, ends)).isEqualTo(-5);
    assertThat(ends.calls).isEmpty();
  }

  @Test
  void whatAMethodAnswersEndsTheWalk() {
    Mapping mapping = huge();
    mapping.touch();
    Log log =
        new Log(Geometry.PMD) {
          @Override
          public int pmdEntry(LevelWalk walk, long address, long next) {
            super.pmdEntry(walk, address, next);
            return -14;
          }
        };
    assertThat(walk(mapping, mapping.start(), mapping.end(), log)).isEqualTo(-14);
    assertThat(log.calls).containsExactly("pre", "pmd leaf", "post");
  }

  @Test
  void depthsNameTheLevelWhoseEntryIsNone() {
    Mapping mapping = huge();
    Log log = new Log(Geometry.PTE);
    walk(mapping, mapping.start(), mapping.end(), log);
    assertThat(log.calls).containsExactly("pre", "hole 0 1024", "post");
    Mapping small = machine.mapAnonymous(mapping.task(), 4 * PAGE, true);
    mapping.task().mm().store(small.start() + PAGE, (byte) 1);
    Log ptes = new Log(Geometry.PTE);
    walk(small, small.start(), small.end(), ptes);
    assertThat(ptes.calls).containsExactly("pre", "pte leaf", "post");
    mapping.task().exit();
  }
}
