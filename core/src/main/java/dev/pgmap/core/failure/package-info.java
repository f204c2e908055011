/**
 * Memory failure ({@code hwpoison}): a page of memory is lost, and whoever maps it has to know.
 *
 * <p>Key types: {@link dev.pgmap.core.failure.MemoryFailure} is {@code memory_failure}, {@code
 * soft_offline_page} and {@code unpoison_memory}; {@link dev.pgmap.core.failure.ErrorInjection} is
 * how a person makes a page fail; {@link dev.pgmap.core.failure.FailurePolicies} is what kernels
 * differ in. Only pages of devices can fail here; for RAM every call is refused.
 *
 * <p>Threading: one mutex lets one failure be handled at a time. It comes before the locks of
 * address spaces; no mmap lock may be held.
 */
@NullMarked
package dev.pgmap.core.failure;

import org.jspecify.annotations.NullMarked;
