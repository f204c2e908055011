/**
 * Heterogeneous memory management: what a device that shares page tables with CPUs may know of
 * them, {@code mm/hmm.c} and {@code make_device_exclusive} of {@code mm/rmap.c}.
 *
 * <p>Key types: {@link dev.pgmap.core.hmm.RangeFault} reads, and faults in, a range of entries for
 * a device; {@link dev.pgmap.core.hmm.DeviceExclusive} gives it pages alone.
 *
 * <p>Threading: stateless; the callers hold the mmap lock. Whether a result is good is what the
 * mirror's sequence number says ({@link dev.pgmap.core.mm.MmuNotifiers}).
 */
@NullMarked
package dev.pgmap.core.hmm;

import org.jspecify.annotations.NullMarked;
