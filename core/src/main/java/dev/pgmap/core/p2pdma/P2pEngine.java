package dev.pgmap.core.p2pdma;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.pgmap.DevicePages;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.phys.ResourceTree;

/**
 * What peer-to-peer memory is built on.
 *
 * @param mm counts, puts and page locks
 * @param pagemaps brings the memory online
 * @param pages hands free pages out
 * @param resources where BARs are claimed
 * @param spaces numbers the files that tasks map
 * @param log where refusals are told
 */
public record P2pEngine(
    MmContext mm,
    Pagemaps pagemaps,
    DevicePages pages,
    ResourceTree resources,
    AddressSpaces spaces,
    KernelLog log) {}
