package dev.pgmap.plugins.coherent;

import dev.pgmap.api.devmem.DeviceMemory;

/**
 * What the driver keeps of one device.
 *
 * @param node its node
 * @param memory its memory
 */
record CoherentState(String node, DeviceMemory memory) {}
