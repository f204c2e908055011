/**
 * The mapping side of the SPI: files that can be mapped, their areas, and page faults.
 *
 * <p>Key types: {@link dev.pgmap.api.mm.MappableFile} is implemented by a plugin; {@link
 * dev.pgmap.api.mm.VmArea} and {@link dev.pgmap.api.mm.FaultRequest} come from the engine.
 *
 * <p>Threading: a fault runs on the thread that touched the memory, with the address space locked
 * against changes.
 */
@NullMarked
package dev.pgmap.api.mm;

import org.jspecify.annotations.NullMarked;
