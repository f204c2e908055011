/**
 * Reads trace.dat, versions 6 and 7, as trace-cmd writes it.
 *
 * <p>{@link dev.pgmap.trace.read.dat.TraceDat} is the way in. {@link
 * dev.pgmap.trace.read.dat.DatV6} and {@link dev.pgmap.trace.read.dat.DatV7} find out where in the
 * file what is, as a {@link dev.pgmap.trace.read.dat.DatIndex}; {@link
 * dev.pgmap.trace.read.dat.DatSource} shows that as a recording. Events are decoded from the mapped
 * pages as a cursor goes, in memory that does not depend on their number.
 *
 * <p>Threading: a source may be read by any number of threads, each with a cursor of its own.
 */
@NullMarked
package dev.pgmap.trace.read.dat;

import org.jspecify.annotations.NullMarked;
