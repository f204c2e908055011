/**
 * Device-dax: device memory handed out as a character device that maps with pages of one size.
 *
 * <p>Key types, in the order in which every plugin has them: {@link
 * dev.pgmap.plugins.devdax.DevDaxPlugin} is the module, {@link
 * dev.pgmap.plugins.devdax.DevDaxPagemapOps} its {@code dev_pagemap_ops}, {@link
 * dev.pgmap.plugins.devdax.DevDaxConstraints} what it can drive, {@link
 * dev.pgmap.plugins.devdax.DevDaxState} what it keeps per device. After these comes what only this
 * plugin has: {@link dev.pgmap.plugins.devdax.DevDaxDriver} and {@link
 * dev.pgmap.plugins.devdax.DevDaxFile}.
 *
 * <p>Threading: everything is immutable once a device is bound.
 */
@NullMarked
package dev.pgmap.plugins.devdax;

import org.jspecify.annotations.NullMarked;
