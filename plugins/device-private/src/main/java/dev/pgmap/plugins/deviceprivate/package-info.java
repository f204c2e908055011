/**
 * Device-private memory: pages that a device has and no CPU reaches. A CPU that touches one gets it
 * back by a fault.
 *
 * <p>Key types, in the order in which every plugin has them: {@link
 * dev.pgmap.plugins.deviceprivate.DevicePrivatePlugin} is the module, {@link
 * dev.pgmap.plugins.deviceprivate.DevicePrivatePagemapOps} its {@code dev_pagemap_ops}, {@link
 * dev.pgmap.plugins.deviceprivate.DevicePrivateConstraints} what it makes, {@link
 * dev.pgmap.plugins.deviceprivate.DevicePrivateState} what it keeps per device, {@link
 * dev.pgmap.plugins.deviceprivate.DevicePrivateDriver} its driver. After these comes what only this
 * plugin has: {@link dev.pgmap.plugins.deviceprivate.PrivateMemory} and {@link
 * dev.pgmap.plugins.deviceprivate.FaultBack}.
 *
 * <p>Threading: immutable once loaded; faults and final puts come from any thread.
 */
@NullMarked
package dev.pgmap.plugins.deviceprivate;

import org.jspecify.annotations.NullMarked;
