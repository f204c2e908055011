/**
 * {@code struct dev_pagemap}: bringing device memory online, finding it by pfn, tearing it down.
 *
 * <p>Key types: {@link dev.pgmap.core.pgmap.Pagemaps} is {@code memremap_pages}, {@code
 * memunmap_pages} and {@code get_dev_pagemap}; {@link dev.pgmap.core.pgmap.DevPagemap} one live
 * pgmap; {@link dev.pgmap.core.pgmap.PagePut} drops page references by the rule of the era. What
 * kernels differ in is in {@link dev.pgmap.core.pgmap.PagemapPolicies}.
 *
 * <p>Threading: all of it is thread-safe; lookups take no lock.
 */
@NullMarked
package dev.pgmap.core.pgmap;

import org.jspecify.annotations.NullMarked;
