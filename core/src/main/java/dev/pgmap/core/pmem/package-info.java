/**
 * Namespaces in fsdax mode as block devices with direct access: {@code /dev/pmemN}.
 *
 * <p>Key types: {@link dev.pgmap.core.pmem.PmemBus} is the entry point and the nvdimm driver of the
 * mode, {@link dev.pgmap.core.pmem.PmemDisk} one device, {@link dev.pgmap.core.pmem.DiskBytes} what
 * a file system reads and writes. Which driver brings a device's memory online is a plugin's.
 *
 * <p>Threading: one lock guards the tables and who binds a device; probe and removal run without
 * it, in the one thread that has claimed the device.
 */
@NullMarked
package dev.pgmap.core.pmem;

import org.jspecify.annotations.NullMarked;
