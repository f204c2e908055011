/**
 * What the buses of all kinds of devices share.
 *
 * <p>Key type: {@link dev.pgmap.core.device.DevmActions}.
 *
 * <p>Threading: a device is set up and taken down by one thread at a time.
 */
@NullMarked
package dev.pgmap.core.device;

import org.jspecify.annotations.NullMarked;
