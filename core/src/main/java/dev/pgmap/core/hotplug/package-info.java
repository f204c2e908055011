/**
 * Memory blocks: System RAM that is added, brought online, taken offline and removed while the
 * machine runs ({@code drivers/base/memory.c}, {@code mm/memory_hotplug.c}).
 *
 * <p>Key types: {@link dev.pgmap.core.hotplug.MemoryBlocks}, all blocks of a machine; {@link
 * dev.pgmap.core.hotplug.MemoryBlock}, one of them; {@link dev.pgmap.core.hotplug.OnlineType}, what
 * can be written to its state.
 *
 * <p>Threading: everything is thread-safe; changes are made under one lock.
 */
@NullMarked
package dev.pgmap.core.hotplug;

import org.jspecify.annotations.NullMarked;
