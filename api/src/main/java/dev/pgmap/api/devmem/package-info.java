/**
 * What the driver of a device that owns memory needs: nodes, memory of its own, migration, and a
 * mirror of page tables.
 *
 * <p>Key types: {@link dev.pgmap.api.devmem.DevmemDriver} is implemented by a plugin, {@link
 * dev.pgmap.api.devmem.DevmemKernel} is what it gets. {@link dev.pgmap.api.devmem.DeviceNode} and
 * {@link dev.pgmap.api.devmem.DeviceFile} are its character device, {@link
 * dev.pgmap.api.devmem.UserSpace} the task that opened it. {@link
 * dev.pgmap.api.devmem.MigrateRequest} and {@link dev.pgmap.api.devmem.Migration} follow {@code
 * migrate_vma}, {@link dev.pgmap.api.devmem.Mirror} and {@link dev.pgmap.api.devmem.HmmRequest}
 * follow {@code mmu_interval_notifier} and {@code hmm_range_fault}.
 *
 * <p>Threading: values are immutable; interfaces state their own rules.
 */
@NullMarked
package dev.pgmap.api.devmem;

import org.jspecify.annotations.NullMarked;
