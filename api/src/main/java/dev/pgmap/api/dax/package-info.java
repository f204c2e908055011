/**
 * The dax bus as a driver sees it: devices, and the driver that binds to them.
 *
 * <p>Key types: {@link dev.pgmap.api.dax.DaxDriver} is implemented by a plugin, {@link
 * dev.pgmap.api.dax.DaxDevice} comes from the engine.
 *
 * <p>Threading: probe and detach run under the device's lock; the alive flag may be read anywhere.
 */
@NullMarked
package dev.pgmap.api.dax;

import org.jspecify.annotations.NullMarked;
