/**
 * The texts that describe events: the kernel's {@code format} files, their {@code print fmt}, and
 * the formats of the events that we emit ourselves.
 *
 * <p>{@link dev.pgmap.trace.format.FormatParser} reads a format file. {@link
 * dev.pgmap.trace.format.PrintFmt} is a compiled {@code print fmt}: it prints events as the kernel
 * or as {@code trace-cmd report} does. {@link dev.pgmap.trace.format.KernelFormats} is the catalog
 * of the formats that our own recordings hold.
 *
 * <p>Threading: everything here is immutable, and may be used by any number of threads.
 */
@NullMarked
package dev.pgmap.trace.format;

import org.jspecify.annotations.NullMarked;
