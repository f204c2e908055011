package dev.pgmap.core.p2pdma;

import dev.pgmap.api.pgmap.PhysRange;

/**
 * A base address register of a PCI device.
 *
 * @param index its number, 0 to 5
 * @param range its addresses
 * @param isMemory whether it is memory rather than I/O ports ({@code IORESOURCE_MEM})
 */
public record PciBar(int index, PhysRange range, boolean isMemory) {}
