/**
 * SQL over a recording, answered by DuckDB inside of this process.
 *
 * <p>{@link dev.pgmap.trace.query.TraceDatabase} shows a {@link dev.pgmap.trace.event.TraceSource}
 * as tables, of which it loads what a query names: tables of events and of page references ({@link
 * dev.pgmap.trace.query.EventRows}), stacks, fields, and what {@link
 * dev.pgmap.trace.query.TableCatalog} lists besides. Rows go to a {@link
 * dev.pgmap.trace.query.RowSink}.
 *
 * <p>Threading: a database and all that belongs to it is for one thread.
 */
@NullMarked
package dev.pgmap.trace.query;

import org.jspecify.annotations.NullMarked;
