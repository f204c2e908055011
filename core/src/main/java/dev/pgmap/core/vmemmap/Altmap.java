package dev.pgmap.core.vmemmap;

import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.phys.PageMath;

/**
 * The pages of a device that hold its own struct pages, {@code struct vmem_altmap}.
 *
 * <p>All amounts are 4 KiB pages. Changed only under the hotplug lock.
 */
public final class Altmap {
  private final AltmapSpec spec;
  private long allocPages;
  private long alignPages;

  /** Nothing is handed out yet. */
  public Altmap(AltmapSpec spec) {
    this.spec = spec;
  }

  /** What the owner of the device decided. */
  public AltmapSpec spec() {
    return spec;
  }

  private long nextPfn() {
    return spec.basePfn() + spec.reservePages() + allocPages + alignPages;
  }

  private long nrFreePages() {
    return Math.max(0, spec.freePages() - (allocPages + alignPages));
  }

  /**
   * Hands out pages, aligned to the lowest set bit of their number ({@code
   * altmap_alloc_block_buf}).
   *
   * @return the first pfn, or -1 if not enough are left
   */
  @KernelFunction("vmem_altmap_alloc")
  long alloc(long nrPages) {
    long unit = Long.lowestOneBit(nrPages);
    long next = nextPfn();
    long pad = PageMath.alignUp(next, unit) - next;
    if (nrPages + pad > nrFreePages()) {
      return -1;
    }
    allocPages += nrPages;
    alignPages += pad;
    return next + pad;
  }

  /** Takes pages back; what was lost to alignment stays lost, as in the kernel. */
  @KernelFunction("vmem_altmap_free")
  void free(long nrPages) {
    allocPages -= nrPages;
  }

  /** Starts over, as {@code __add_pages} does before the first block. */
  void reset() {
    allocPages = 0;
    alignPages = 0;
  }

  /** Pages handed out now; zero once the memory is offline. */
  public long allocPages() {
    return allocPages;
  }

  /** Pages lost to alignment. */
  public long alignPages() {
    return alignPages;
  }
}
