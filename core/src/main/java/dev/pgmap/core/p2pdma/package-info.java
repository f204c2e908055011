/**
 * PCI peer-to-peer memory: the memory behind a BAR, with struct pages of MEMORY_DEVICE_PCI_P2PDMA.
 *
 * <p>Key types: {@link dev.pgmap.core.p2pdma.P2pBus} has the devices, {@link
 * dev.pgmap.core.p2pdma.P2pDevice} is a provider with its pool. This is the small sample of a
 * driver that lives in the engine: in a kernel, too, the type belongs to the PCI core.
 *
 * <p>Threading: all is thread-safe; unplugging waits for whoever has a page.
 */
@NullMarked
package dev.pgmap.core.p2pdma;

import org.jspecify.annotations.NullMarked;
