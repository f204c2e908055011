/**
 * Drivers of devices that own memory: their nodes, and what the engine does for them.
 *
 * <p>Key types: {@link dev.pgmap.core.devmem.DevmemBus} holds the drivers and their nodes; the rest
 * implements {@link dev.pgmap.api.devmem.DevmemKernel} and the interfaces that it hands out.
 *
 * <p>Threading: thread-safe.
 */
@NullMarked
package dev.pgmap.core.devmem;

import org.jspecify.annotations.NullMarked;
