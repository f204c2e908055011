/**
 * jcstress tests of the engine's lock-free parts: the reference word, pin counts, what publishes a
 * struct page, PercpuRef, Rcu, and the fast walk against a zap.
 *
 * <p>Each test is one class: its state, what threads do to it, and which outcomes are allowed.
 * Classes named {@code ...Canary} are wrong on purpose: a run that does not find that out proves
 * nothing, and {@link dev.pgmap.bench.stress.StressRun} says so.
 */
@NullMarked
package dev.pgmap.bench.stress;

import org.jspecify.annotations.NullMarked;
