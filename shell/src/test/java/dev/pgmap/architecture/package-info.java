/**
 * The rules of the house, held against the classes of every module.
 *
 * <p>{@link dev.pgmap.architecture.HouseRules} states them, {@link
 * dev.pgmap.architecture.ArchitectureTest} applies them. The classes named {@code Canary…} under
 * {@code dev.pgmap} in this source tree break one rule each: a rule that does not catch its canary
 * has stopped looking.
 */
@NullMarked
package dev.pgmap.architecture;

import org.jspecify.annotations.NullMarked;
