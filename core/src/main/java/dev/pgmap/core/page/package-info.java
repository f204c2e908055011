/**
 * Struct pages: the 64-byte record, its reference word, flags, and compound heads and tails.
 *
 * <p>Key types: {@link dev.pgmap.core.page.PageLayout} owns every offset and bit, {@link
 * dev.pgmap.core.page.StructPages} turns a pfn into a record and reads and writes its fields,
 * {@link dev.pgmap.core.page.PageRefs} changes counts, one method per page_ref event, {@link
 * dev.pgmap.core.page.RefSequences} is what they did in the notation of recordings, {@link
 * dev.pgmap.core.page.SubsectionMap} says where the records of which pfns live. A record is named
 * by its host address; there is no object per page.
 *
 * <p>Threading: counts, flags, map counts and pin counts change atomically; the other fields are
 * plain and belong to whoever owns the page at that moment.
 */
@NullMarked
package dev.pgmap.core.page;

import org.jspecify.annotations.NullMarked;
