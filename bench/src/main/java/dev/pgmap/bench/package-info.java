/** Benchmarks of the engine, and its memory-model tests. */
@NullMarked
package dev.pgmap.bench;

import org.jspecify.annotations.NullMarked;
