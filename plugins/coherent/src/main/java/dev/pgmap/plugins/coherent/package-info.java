/**
 * Coherent memory of a device: pages that CPUs reach like RAM, and that move to the device and back
 * all the same.
 *
 * <p>Key types, in the order in which every plugin has them: {@link
 * dev.pgmap.plugins.coherent.CoherentPlugin} is the module, {@link
 * dev.pgmap.plugins.coherent.CoherentPagemapOps} its {@code dev_pagemap_ops}, {@link
 * dev.pgmap.plugins.coherent.CoherentConstraints} what it makes, {@link
 * dev.pgmap.plugins.coherent.CoherentState} what it keeps per device, {@link
 * dev.pgmap.plugins.coherent.CoherentDriver} its driver. After these comes what only this plugin
 * has: {@link dev.pgmap.plugins.coherent.CoherentMemory}.
 *
 * <p>Threading: immutable once loaded; final puts come from any thread.
 */
@NullMarked
package dev.pgmap.plugins.coherent;

import org.jspecify.annotations.NullMarked;
