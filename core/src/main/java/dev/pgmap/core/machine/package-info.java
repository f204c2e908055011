/**
 * The root object: a machine, what it is made of, and the era of the kernel that it behaves like.
 *
 * <p>Key types: {@link dev.pgmap.core.machine.MachineSpec} describes a machine, {@link
 * dev.pgmap.core.machine.Machine} is one that was booted, {@link dev.pgmap.core.machine.Era} is the
 * one place where the policies of a kernel are put together, {@link
 * dev.pgmap.core.machine.Invariants} what must hold at any quiet moment.
 *
 * <p>Threading: a machine may be used by many threads; several machines live side by side.
 */
@NullMarked
package dev.pgmap.core.machine;

import org.jspecify.annotations.NullMarked;
