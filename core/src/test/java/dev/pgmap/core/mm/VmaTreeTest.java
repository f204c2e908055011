package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VmaTreeTest {
  private static final int NR_PAGES = 64;
  private static final long TOP = VmaTree.LOWEST + NR_PAGES * PAGE;

  private static Vma area(long firstPage, long nrPages) {
    long start = VmaTree.LOWEST + firstPage * PAGE;
    return new Vma(
        null,
        start,
        start + nrPages * PAGE,
        0,
        new Vma.Backing(new Vma.Access(true, true, true), null, null, 0));
  }

  @Test
  void theGapFoundIsTheHighestThatFitsAsAnExhaustiveSearchFindsIt() {
    long seed = System.nanoTime();
    System.out.println("VmaTreeTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      boolean[] used = new boolean[NR_PAGES];
      VmaTree tree = randomTree(random, used);
      long bytes = random.nextInt(1, 12) * PAGE;
      long align = PAGE << random.nextInt(5);
      long offset = random.nextInt(16) * PAGE;
      assertThat(tree.findGap(bytes, align, offset, TOP))
          .isEqualTo(exhaustive(used, bytes, align, offset));
    }
  }

  private static VmaTree randomTree(SplittableRandom random, boolean[] used) {
    VmaTree tree = new VmaTree();
    for (int page = random.nextInt(6); page < NR_PAGES; ) {
      int length = Math.min(random.nextInt(1, 9), NR_PAGES - page);
      tree.add(area(page, length));
      for (int p = page; p < page + length; p++) {
        used[p] = true;
        assertThat(tree.find(VmaTree.LOWEST + p * PAGE)).isNotNull();
      }
      page += length + random.nextInt(12);
    }
    return tree;
  }

  private static long exhaustive(boolean[] used, long bytes, long align, long offset) {
    for (int page = NR_PAGES - (int) (bytes / PAGE); page >= 0; page--) {
      long at = VmaTree.LOWEST + page * PAGE;
      boolean free = (at - offset) % align == 0;
      for (int p = page; free && p < page + bytes / PAGE; p++) {
        free = !used[p];
      }
      if (free) {
        return at;
      }
    }
    return -1;
  }

  @Test
  void overlappingAreasIncludeThoseThatReachIn() {
    VmaTree tree = new VmaTree();
    Vma first = area(0, 4);
    Vma second = area(4, 2);
    Vma third = area(10, 2);
    tree.add(third);
    tree.add(first);
    tree.add(second);
    long at = VmaTree.LOWEST;
    assertThat(tree.overlapping(at + 3 * PAGE, at + 5 * PAGE)).containsExactly(first, second);
    assertThat(tree.overlapping(at + 6 * PAGE, at + 10 * PAGE)).isEmpty();
    assertThat(tree.overlapping(at + 4 * PAGE, at + 11 * PAGE)).containsExactly(second, third);
    assertThat(tree.find(at - 1)).isNull();
    assertThat(tree.find(at + 6 * PAGE)).isNull();
  }
}
