/**
 * Page tables: a geometry, entries, and the tables of one address space.
 *
 * <p>Key types: {@link dev.pgmap.core.pgtable.Geometry} (the levels of an architecture, as data),
 * {@link dev.pgmap.core.pgtable.Pte} (the bits of an entry), {@link
 * dev.pgmap.core.pgtable.PageTable} (one table), {@link dev.pgmap.core.pgtable.PageTables} (the
 * tree of one mm with its page-table lock).
 *
 * <p>Threading: entries change under the page-table lock, except for the accessed and dirty bits,
 * which change by compare-and-set as hardware does it. Who reads without the lock does so inside a
 * read section of RCU; who clears leaves calls {@code rcu.synchronize()} before the pages may go.
 */
@NullMarked
package dev.pgmap.core.pgtable;

import org.jspecify.annotations.NullMarked;
