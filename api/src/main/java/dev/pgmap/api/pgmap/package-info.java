/**
 * The pgmap side of the SPI: {@code struct dev_pagemap} and {@code dev_pagemap_ops}.
 *
 * <p>Key types: {@link dev.pgmap.api.pgmap.DevPagemapOps} is implemented by a plugin, {@link
 * dev.pgmap.api.pgmap.PagemapSpec} is what it asks for, {@link dev.pgmap.api.pgmap.Pagemap} what it
 * gets back.
 *
 * <p>Threading: specs are immutable; ops may be called from any thread that drops a reference.
 */
@NullMarked
package dev.pgmap.api.pgmap;

import org.jspecify.annotations.NullMarked;
