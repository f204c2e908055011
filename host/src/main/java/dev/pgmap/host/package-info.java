/** Loads plugins, checks them, swaps them, watches them. */
@NullMarked
package dev.pgmap.host;

import org.jspecify.annotations.NullMarked;
