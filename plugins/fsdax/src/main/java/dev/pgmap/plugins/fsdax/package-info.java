/**
 * fsdax: pmem namespaces as block devices with direct access, and a DAX file system for them.
 *
 * <p>Key types, in the order in which every plugin has them: {@link
 * dev.pgmap.plugins.fsdax.FsDaxPlugin} is the module, {@link
 * dev.pgmap.plugins.fsdax.FsDaxPagemapOps} its {@code dev_pagemap_ops}, {@link
 * dev.pgmap.plugins.fsdax.FsDaxConstraints} what it can drive, {@link
 * dev.pgmap.plugins.fsdax.FsDaxState} what it keeps per device. After these comes what only this
 * plugin has: {@link dev.pgmap.plugins.fsdax.FsDaxDriver}, and the file system in the packages
 * {@code fs} (what the engine calls), {@code volume} (in memory), {@code space} (blocks) and {@code
 * format} (on the medium), each of which uses only those after it.
 *
 * <p>Threading: the driver is immutable once a device is bound; the file system has one lock.
 */
@NullMarked
package dev.pgmap.plugins.fsdax;

import org.jspecify.annotations.NullMarked;
