package dev.pgmap.core.devmem;

import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.pgmap.DevicePages;
import dev.pgmap.core.phys.ResourceTree;
import java.util.Set;

/**
 * What of the engine drivers of devices that own memory work on.
 *
 * @param context what address spaces are built on
 * @param devicePages hands out device pages
 * @param resources who claims which addresses
 * @param addressSpaces numbers of files
 * @param addressLimit one past the last physical address
 * @param features what this kernel offers
 */
public record DevmemEngine(
    MmContext context,
    DevicePages devicePages,
    ResourceTree resources,
    AddressSpaces addressSpaces,
    long addressLimit,
    Set<DevmemFeature> features) {}
