package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.Set;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param scheme how free pages are counted, and what follows when one becomes free
 * @param hold who holds {@code pgmap->ref}
 * @param kill who kills and waits for it
 * @param freeCallback which op hears of a page that became free
 * @param compound whether {@code vmemmap_shift} exists (5.17 on); without it every page is a base
 *     page
 * @param shape which struct pages of a compound have memory of their own
 * @param resizable the types whose pages become folios of other orders and base pages again while
 *     the pgmap is live: FS_DAX from 6.15 on, PRIVATE from 6.19 on
 */
public record PagemapPolicies(
    RefcountScheme scheme,
    PagemapHold hold,
    KillStyle kill,
    FreeCallback freeCallback,
    boolean compound,
    VmemmapShape shape,
    Set<MemoryType> resizable) {

  /** Copies the set. */
  public PagemapPolicies {
    resizable = Set.copyOf(resizable);
  }

  /** Of a kernel whose folios keep their order. */
  public PagemapPolicies(
      RefcountScheme scheme,
      PagemapHold hold,
      KillStyle kill,
      FreeCallback freeCallback,
      boolean compound,
      VmemmapShape shape) {
    this(scheme, hold, kill, freeCallback, compound, shape, Set.of());
  }
}
