/**
 * get_user_pages and pin_user_pages: taking references on the pages behind user addresses.
 *
 * <p>Key types: {@link dev.pgmap.core.gup.Gup} is the entry; {@link dev.pgmap.core.gup.FastWalk}
 * the walk without locks, {@link dev.pgmap.core.gup.SlowWalk} the one that faults, {@link
 * dev.pgmap.core.gup.Grab} how references and pins are taken, {@link dev.pgmap.core.gup.Unpin} how
 * they are dropped. What kernels differ in is in {@link dev.pgmap.core.gup.GupPolicies}.
 *
 * <p>Threading: all thread-safe. Pages are named by pfn in arrays of long; nothing is allocated per
 * page.
 */
@NullMarked
package dev.pgmap.core.gup;

import org.jspecify.annotations.NullMarked;
