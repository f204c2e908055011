/**
 * Files of a file system whose blocks are device memory: what the kernel keeps in {@code fs/dax.c}.
 *
 * <p>Key types: {@link dev.pgmap.core.fsdax.DaxFile} is a file with its entries, {@link
 * dev.pgmap.core.fsdax.FsDaxHost} makes files for a mounted file system, {@link
 * dev.pgmap.core.fsdax.Association} and {@link dev.pgmap.core.fsdax.LayoutRule} are what kernels
 * differ in.
 *
 * <p>Where to look: the table and the locks of entries in {@code EntryTable}, {@code EntryLocks},
 * {@code EntryWaits} and {@code EntryGrab}; faults in {@code DaxFaults}, {@code PteFault}, {@code
 * PmdFault} and {@code BlockFault}; taking pages back in {@code Layout}; cleaning in {@code
 * Writeback}.
 *
 * <p>Threading: all thread-safe. Locks are taken in this order: mmap lock, the file's invalidate
 * lock, the lock of one entry, the table's lock. Whoever waits for a page holds none of them but
 * what his caller took.
 */
@NullMarked
package dev.pgmap.core.fsdax;

import org.jspecify.annotations.NullMarked;
