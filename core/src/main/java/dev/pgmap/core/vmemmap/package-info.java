/**
 * Where struct pages come from: sections, subsections, the altmap, and the sharing of tails.
 *
 * <p>Key types: {@link dev.pgmap.core.vmemmap.MemoryHotplug} adds and removes the struct pages of a
 * range, {@link dev.pgmap.core.vmemmap.Altmap} hands out a device's own pages for them, {@link
 * dev.pgmap.core.vmemmap.VmemmapShape} is the era's rule on tails.
 *
 * <p>Threading: one hotplug lock; readers find records through the page package, without locks.
 */
@NullMarked
package dev.pgmap.core.vmemmap;

import org.jspecify.annotations.NullMarked;
