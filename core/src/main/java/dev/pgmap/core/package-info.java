/** The engine: the part of a kernel that owns ZONE_DEVICE. */
@NullMarked
package dev.pgmap.core;

import org.jspecify.annotations.NullMarked;
