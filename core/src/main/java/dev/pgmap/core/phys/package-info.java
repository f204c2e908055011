/**
 * The physical address space: the resource tree, RAM frames, and the bytes of RAM and devices.
 *
 * <p>Key types: {@link dev.pgmap.core.phys.PhysicalMemory} holds the bytes, {@link
 * dev.pgmap.core.phys.Ram} hands out page frames, {@link dev.pgmap.core.phys.ResourceTree} is
 * {@code /proc/iomem}.
 *
 * <p>Threading: all three are thread-safe; bytes are ordered no better than plain memory.
 */
@NullMarked
package dev.pgmap.core.phys;

import org.jspecify.annotations.NullMarked;
