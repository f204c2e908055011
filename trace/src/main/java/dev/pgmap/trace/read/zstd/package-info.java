/**
 * Unpacks Zstandard (RFC 8878) in Java alone, with bounds on everything.
 *
 * <p>{@link dev.pgmap.trace.read.zstd.ZstdStream} is the way in. Whatever the bytes are, it gives
 * data or throws an IOException; it keeps a window of what the frame asks for and no more than 128
 * MiB. Dictionaries are not known to it.
 *
 * <p>Why not a library's: those in Java reach into memory by sun.misc.Unsafe, which JDK 25 warns
 * about and a later one lacks, and a slip there ends the JVM in place of throwing.
 *
 * <p>Threading: a stream belongs to one thread.
 */
@NullMarked
package dev.pgmap.trace.read.zstd;

import org.jspecify.annotations.NullMarked;
