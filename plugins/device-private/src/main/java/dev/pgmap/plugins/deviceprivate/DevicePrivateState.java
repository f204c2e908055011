package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.devmem.DeviceMemory;

/**
 * What the driver keeps of one device.
 *
 * @param node its node
 * @param memory its memory
 */
record DevicePrivateState(String node, DeviceMemory memory) {}
