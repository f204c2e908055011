/**
 * The gup part of the kernel's own memory tests, {@code run_vmtests.sh -t gup_test}.
 *
 * <p>Key types: {@link dev.pgmap.shell.vmtests.RunVmtests} is the runner with its TAP output,
 * {@link dev.pgmap.shell.vmtests.GupMatrix} what it runs, {@link
 * dev.pgmap.shell.vmtests.GupLongterm} the test of longterm pins of files.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.vmtests;

import org.jspecify.annotations.NullMarked;
