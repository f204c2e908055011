/**
 * {@code hmm-tests}: the kernel's own tests of device-private and coherent memory, as scenarios
 * under their own names, with the output of the kselftest harness.
 *
 * <p>Key types: {@link dev.pgmap.shell.hmmtests.HmmTests} is the command. A {@code TestCase} is a
 * fixture, a variant, a name and a body; {@code TestCatalog} lists those that a kernel has; {@code
 * Harness} runs each as a task of its own and prints TAP. The bodies are in {@code ReadWriteTests},
 * {@code MigrateTests}, {@code SnapshotTests}, {@code ExclusiveTests} and {@code HugeTests}; they
 * work on a {@code Buffer} of a {@code Device}'s task.
 *
 * <p>Threading: one thread, but for the test that unmaps while it reads.
 */
@NullMarked
package dev.pgmap.shell.hmmtests;

import org.jspecify.annotations.NullMarked;
