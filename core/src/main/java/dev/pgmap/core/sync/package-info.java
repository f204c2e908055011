/**
 * The one seam for everything that blocks, orders or reads time.
 *
 * <p>Key types: {@link dev.pgmap.core.sync.Sync} (one per machine: cpus, RCU, clock), the locks
 * {@link dev.pgmap.core.sync.Mutex}, {@link dev.pgmap.core.sync.SpinLock} and {@link
 * dev.pgmap.core.sync.RwSemaphore}, {@link dev.pgmap.core.sync.WaitQueue} and {@link
 * dev.pgmap.core.sync.Completion} for waiting, {@link dev.pgmap.core.sync.Rcu} for lookups without
 * locks, {@link dev.pgmap.core.sync.PercpuRef} for references that are taken far more often than
 * they are waited for.
 *
 * <p>Threading: everything here is thread-safe. No other package of the engine uses monitors,
 * java.util.concurrent locks, sleeping, parking, thread locals or the system clock, so that a
 * schedule explorer can replace this package and own every scheduling decision.
 */
@NullMarked
package dev.pgmap.core.sync;

import org.jspecify.annotations.NullMarked;
