/**
 * Walks over what an address space maps, area by area, and the pagemap that they dump.
 *
 * <p>Key types: {@link dev.pgmap.core.pagewalk.PageWalk} with {@link
 * dev.pgmap.core.pagewalk.MmWalkOps} is the kernel's walk with callbacks for each level; {@link
 * dev.pgmap.core.pagewalk.LeafRange} is the generic one, which sees leaves alone. {@link
 * dev.pgmap.core.pagewalk.Pagemap} dumps by either, {@link dev.pgmap.core.pagewalk.Smaps} sums up.
 *
 * <p>Threading: a walk belongs to one thread, which holds the mmap lock; what a walk reads of
 * entries is true at some moment during it.
 */
@NullMarked
package dev.pgmap.core.pagewalk;

import org.jspecify.annotations.NullMarked;
