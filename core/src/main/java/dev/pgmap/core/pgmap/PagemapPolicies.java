package dev.pgmap.core.pgmap;

import dev.pgmap.core.vmemmap.VmemmapShape;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param scheme which idle pages are 1-based
 * @param hold who holds {@code pgmap->ref}
 * @param kill who kills and waits for it
 * @param freeCallback which op hears of a page that became free
 * @param compound whether {@code vmemmap_shift} exists (5.17 on); without it every page is a base
 *     page
 * @param shape which struct pages of a compound have memory of their own
 */
public record PagemapPolicies(
    RefcountScheme scheme,
    PagemapHold hold,
    KillStyle kill,
    FreeCallback freeCallback,
    boolean compound,
    VmemmapShape shape) {}
