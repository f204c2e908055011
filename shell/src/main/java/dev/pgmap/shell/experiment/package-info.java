/**
 * Experiments that a reader can repeat: the same workload under several kernels, side by side.
 *
 * <p>Key types: {@link dev.pgmap.shell.experiment.CompoundDevmap} is seed 2's, {@link
 * dev.pgmap.shell.experiment.CostModel} turns counted cache lines into kernel time, {@link
 * dev.pgmap.shell.experiment.PublishedFigures} holds what was measured on real kernels.
 *
 * <p>Threading: an experiment runs on one thread.
 */
@NullMarked
package dev.pgmap.shell.experiment;

import org.jspecify.annotations.NullMarked;
