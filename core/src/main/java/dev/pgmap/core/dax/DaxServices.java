package dev.pgmap.core.dax;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.ResourceTree;

/**
 * What dax devices are built on.
 *
 * @param pagemaps brings their memory online
 * @param resources where they claim it
 * @param nodes where their character devices appear
 * @param log the kernel log
 * @param geometry the sizes that page tables can map
 */
public record DaxServices(
    Pagemaps pagemaps, ResourceTree resources, DevNodes nodes, KernelLog log, Geometry geometry) {}
