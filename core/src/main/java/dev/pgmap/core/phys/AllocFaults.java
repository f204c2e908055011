package dev.pgmap.core.phys;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Makes chosen allocations fail, as a kernel's fault injection ({@code should_fail}) does: the n-th
 * of a kind from now on.
 *
 * <p>Every place that allocates asks {@link #check} first; while nothing is armed that is one
 * volatile read, and no hot path allocates. Thread-safe.
 */
public final class AllocFaults {
  /** What can fail to be allocated. */
  public enum Site {
    /** The per-cpu counter of {@code pgmap->ref}. */
    REF,
    /** Nodes of the pgmap array. */
    ARRAY,
    /** The {@code usage} of a memory section. */
    SECTION,
    /** Pages for struct pages, in RAM or in the altmap. */
    MEMMAP,
    /** A page table. */
    PAGETABLE,
    /** A page frame for data. */
    PAGE,
    /** An entry of a DAX mapping. */
    ENTRY;

    /** The name that the console takes. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The site of that name.
     *
     * @throws MmException EINVAL that lists the names
     */
    public static Site named(String name) {
      for (Site site : values()) {
        if (site.label().equals(name)) {
          return site;
        }
      }
      List<String> names = Arrays.stream(values()).map(Site::label).toList();
      throw new MmException(
          Errno.EINVAL, "fail", "'" + name + "'", "one of " + String.join(", ", names), "");
    }
  }

  private final AtomicIntegerArray untilFailure = new AtomicIntegerArray(Site.values().length);

  /**
   * Makes the n-th allocation of a kind fail, once.
   *
   * @param nth 1 for the next one; 0 for none
   * @throws MmException EINVAL for a negative number
   */
  public void arm(Site site, int nth) {
    if (nth < 0) {
      throw new MmException(
          Errno.EINVAL, "fail " + site.label(), "" + nth, "1 for the next allocation, or more", "");
    }
    untilFailure.set(site.ordinal(), nth);
  }

  /** How many allocations it is until one fails; 0 if none will. */
  public int armed(Site site) {
    return untilFailure.get(site.ordinal());
  }

  /** Lets all allocations be. */
  public void disarm() {
    for (Site site : Site.values()) {
      arm(site, 0);
    }
  }

  /**
   * Whether the allocation that is about to be made fails.
   *
   * @throws MmException ENOMEM if it does
   */
  public void check(Site site) {
    if (untilFailure.get(site.ordinal()) != 0 && countDown(site)) {
      throw new MmException(
          Errno.ENOMEM,
          "allocation of " + site.label(),
          "made to fail",
          "no injected failure",
          "see the command fail");
    }
  }

  private boolean countDown(Site site) {
    return untilFailure.getAndUpdate(site.ordinal(), n -> Math.max(0, n - 1)) == 1;
  }
}
