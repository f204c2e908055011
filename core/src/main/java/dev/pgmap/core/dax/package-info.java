/**
 * The dax bus: regions, the devices in them, the drivers that bind to these, and what user space
 * sees of it all.
 *
 * <p>Key types: {@link dev.pgmap.core.dax.DaxBus} is the entry point, {@link
 * dev.pgmap.core.dax.DevDax} the device as its driver sees it, {@link dev.pgmap.core.dax.DaxSpace}
 * the arithmetic of multi-range devices, {@link dev.pgmap.core.dax.DevNodes} the files in {@code
 * /dev}, {@link dev.pgmap.core.dax.SysfsView} the files in {@code /sys/bus/dax}.
 *
 * <p>Threading: one short lock guards the tables. A device that is bound or unbound is claimed by
 * its state, and its driver runs without any lock of the bus, so that a teardown that waits for a
 * page holds up nobody else.
 */
@NullMarked
package dev.pgmap.core.dax;

import org.jspecify.annotations.NullMarked;
