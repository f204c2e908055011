package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageLocks;
import dev.pgmap.core.pgmap.Pagemaps;

/**
 * What address spaces need for pages that a device owns or uses alone.
 *
 * @param locks the locks of pages
 * @param pagemaps whose drivers bring pages back
 * @param swap the rules of this kernel for swap-like entries
 */
public record MmDevices(PageLocks locks, Pagemaps pagemaps, SwapPolicies swap) {}
