/**
 * The SPI of pgmap: all that a device-memory plugin sees, and nothing else.
 *
 * <p>Key types: {@link dev.pgmap.api.DeviceMemoryPlugin} is what a plugin jar supplies, {@link
 * dev.pgmap.api.PgmapConstraints} what it states about itself before any of its code runs, {@link
 * dev.pgmap.api.Errno} and {@link dev.pgmap.api.MmException} how anything fails. The sub-packages
 * follow the kernel's own interfaces: {@code pgmap} (dev_pagemap_ops), {@code mm} (vm_operations),
 * {@code dax} (the dax bus), {@code fs} (file systems on pmem), {@code trace} (tracepoint
 * annotations).
 *
 * <p>Threading: values are immutable; interfaces state their own rules.
 */
@NullMarked
package dev.pgmap.api;

import org.jspecify.annotations.NullMarked;
