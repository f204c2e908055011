/**
 * Benchmarks of the engine and of reading recordings, and the peers that these are held against.
 *
 * <p>Four ways to measure. {@link dev.pgmap.bench.PeerRun} runs our pin and unpin and the peer's in
 * turn, each in a process of its own, and prints ratios. {@link dev.pgmap.bench.OnlineRun} brings
 * large devices online, each in a process of its own, for seconds and peak memory. {@link
 * dev.pgmap.bench.ImportRun} reads recordings, and has trace-cmd read them in turn. The classes
 * named {@code ...Benchmark} are for JMH and its profilers. All work on a {@link
 * dev.pgmap.bench.MappedDevice}.
 *
 * <p>Threading: everything here belongs to one thread.
 */
@NullMarked
package dev.pgmap.bench;

import org.jspecify.annotations.NullMarked;
