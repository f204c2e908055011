package dev.pgmap.core.pmem;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.phys.PhysicalMemory;

/**
 * What pmem devices are built on.
 *
 * @param pagemaps brings their memory online
 * @param memory holds their bytes
 * @param log the kernel log
 */
public record PmemServices(Pagemaps pagemaps, PhysicalMemory memory, KernelLog log) {}
