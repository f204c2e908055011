/**
 * Address spaces: tasks, areas, page faults, and loads and stores of user space.
 *
 * <p>Key types: {@link dev.pgmap.core.mm.Task} and its {@link dev.pgmap.core.mm.Mm}, the {@link
 * dev.pgmap.core.mm.Vma}s in it, {@link dev.pgmap.core.mm.AddressSpace} (what a file or device node
 * is to those that map it), {@link dev.pgmap.core.mm.MappingPolicy} (what mapping does to a device
 * page, which kernels differ on).
 *
 * <p>Threading: the lock order is mmap lock, then the lock of an address space of a file, then the
 * page-table lock. Faults take the first two as readers and run in parallel; mmap, munmap, fork and
 * exit take the mmap lock as writers. Loads and stores of user space take no lock: they translate
 * inside a read section of RCU, as hardware does with interrupts able to hold it up, and fall into
 * the fault handler when that fails. Whoever clears leaves waits for a grace period before it drops
 * the references behind them.
 */
@NullMarked
package dev.pgmap.core.mm;

import org.jspecify.annotations.NullMarked;
