package dev.pgmap.core.pagewalk;

import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.TableWalker;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code /proc/PID/smaps} of one area: sums in bytes over its pages, by the kernel's names.
 *
 * <p>What counts is what {@code vm_normal_page} is: pages behind devmap and special entries do not.
 * A page that several entries map counts for one of them by its share ({@code Pss}), and as shared.
 */
public final class Smaps {
  private static final String[] NAMES = {
    "Rss",
    "Pss",
    "Shared_Clean",
    "Shared_Dirty",
    "Private_Clean",
    "Private_Dirty",
    "Anonymous",
    "AnonHugePages",
    "FilePmdMapped",
    "Shared_Hugetlb",
    "Private_Hugetlb",
    "Swap"
  };

  private Smaps() {}

  /** The sums of an area, found by that walker. Takes the mmap lock. */
  public static Map<String, Long> of(Vma vma, TableWalker walker) {
    Sums sums = new Sums(vma);
    Entries.forEach(vma.mm(), vma.start(), vma.end(), walker, sums);
    return sums.bytes;
  }

  private static final class Sums implements EntrySink {
    private final Vma vma;
    private final Map<String, Long> bytes = new LinkedHashMap<>();

    Sums(Vma vma) {
      this.vma = vma;
      for (String name : NAMES) {
        bytes.put(name, 0L);
      }
    }

    @Override
    public void hole(long start, long end) {
      // Nothing is there to be counted.
    }

    @Override
    public void entry(long start, long end, long leafStart, long leafBytes, long entry) {
      long size = end - start;
      if (!Pte.isPresent(entry)) {
        sum("Swap", size);
      } else if (PagemapEntry.isNormal(entry)) {
        present(entry, size, leafBytes);
      }
    }

    private void present(long entry, long size, long leafBytes) {
      MmContext context = vma.mm().context();
      long head = context.pages().headPfn(Pte.pfn(entry));
      int mappings = Math.max(1, Rmap.mapcount(context.pages(), head));
      boolean shared = mappings > 1;
      if (vma.has(VmFlag.HUGETLB)) {
        sum(shared ? "Shared_Hugetlb" : "Private_Hugetlb", size);
        return;
      }
      boolean anonymous = Rmap.isAnonymous(context.pages(), head);
      boolean huge = leafBytes > vma.mm().pageBytes();
      sum("Rss", size);
      sum("Pss", size / mappings);
      sum((shared ? "Shared_" : "Private_") + (Pte.isDirty(entry) ? "Dirty" : "Clean"), size);
      sum("Anonymous", anonymous ? size : 0);
      sum("AnonHugePages", anonymous && huge ? size : 0);
      sum("FilePmdMapped", !anonymous && huge ? size : 0);
    }

    private void sum(String name, long size) {
      bytes.merge(name, size, Long::sum);
    }
  }
}
