package dev.pgmap.trace.query;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.StackTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A recording as tables that can be asked in SQL, in the dialect of DuckDB.
 *
 * <ul>
 *   <li>{@code event}: every event but stacks: step, ts, cpu, pid, comm, system, name, text,
 *       stack_id, lost, buffer; and each field of an event under its own name, for queries that
 *       name it
 *   <li>{@code ref}: every change of a page's count: step, ts, cpu, pid, comm, event, pfn, flags,
 *       count, mapcount, val, ret, delta, stack_id
 *   <li>{@code page}: one row a pfn: events, first_step, last_step, first_ts, last_ts, tasks, gets,
 *       puts, net, outstanding
 *   <li>{@code outstanding}: what each task still holds of each page at the end: pfn, kind,
 *       holding, amount, refs, pid, comm, since, newest, certainty, stack_id
 *   <li>{@code stack}: one row a frame: id, depth (0 is innermost), function, hint, folded
 *   <li>{@code field}: the fields of all events that the recording knows
 *   <li>one for each event system, such as {@code pgmap} or {@code sched}: step, ts, cpu, pid,
 *       comm, event, stack_id, and the fields of its events
 * </ul>
 *
 * <p>{@code step} numbers events from 1, stacks too, {@code ts} is in units of the recording's
 * clock, {@code delta} is by how much an event changed the count (null where it only says what the
 * count became). A hexadecimal number such as {@code 0x70200} is a number. A field whose name is
 * taken by a column has the prefix {@code field_}.
 *
 * <p>A query loads what it names, no more; the memory of this JVM does not grow with the recording,
 * but for its distinct stacks. A query can change nothing, and reach no file but those of the
 * directory for Parquet, if there is one.
 *
 * <p>For one thread. An interrupt ends a query with a {@link CancellationException}; to end loading
 * early, let the source's cursors throw.
 */
public final class TraceDatabase implements AutoCloseable {
  private static final String PARQUET = "(FORMAT parquet, COMPRESSION zstd)";
  private static final String RESULT = "result";
  private static final String STACK_ID = "stack_id";

  /** The tables that are not of events, each after those that it is made of. */
  private static final SequencedMap<String, String> OTHERS = others();

  private final TraceSource source;
  private final LedgerOptions options;
  private final PageRefDecoder decoder;
  private final TableCatalog catalog;
  private final DuckSession duck;
  private final @Nullable Path parquet;

  private TraceDatabase(TraceSource source, LedgerOptions options, @Nullable Path parquet) {
    this.source = source;
    this.options = options;
    this.parquet = parquet;
    decoder = new PageRefDecoder(source.events());
    catalog = new TableCatalog(source.events(), decoder);
    duck = new DuckSession(parquet);
  }

  private static SequencedMap<String, String> others() {
    SequencedMap<String, String> ddl = new LinkedHashMap<>();
    ddl.put(StackRows.NAME, StackRows.DDL);
    ddl.put(FieldRows.NAME, FieldRows.DDL);
    ddl.put(OutstandingRows.NAME, OutstandingRows.DDL);
    ddl.put(PageView.NAME, PageView.DDL);
    return Collections.unmodifiableSequencedMap(ddl);
  }

  /** A database of a source, which must stay open as long. */
  public static TraceDatabase of(TraceSource source) {
    return of(source, LedgerOptions.standard());
  }

  /**
   * A database of a source, which must stay open as long.
   *
   * @param options how the ledger is made that tells what is outstanding
   */
  public static TraceDatabase of(TraceSource source, LedgerOptions options) {
    return new TraceDatabase(source, options, null);
  }

  /**
   * A database that can also write Parquet files.
   *
   * @param options how the ledger is made that tells what is outstanding
   * @param parquet their directory, which is made if there is none
   * @throws TraceException if it cannot be made
   */
  public static TraceDatabase of(TraceSource source, LedgerOptions options, Path parquet) {
    try {
      return new TraceDatabase(source, options, Files.createDirectories(parquet).toRealPath());
    } catch (IOException e) {
      throw new TraceException(
          parquet.toString(), "no directory: " + e.getMessage(), "one to write to", "");
    }
  }

  /**
   * Answers a query.
   *
   * @throws QueryException if it is not one SELECT, names what there is not, or fails
   * @throws TraceException if the recording is damaged
   */
  public void query(String sql, RowSink sink) {
    duck.run(loadedFor(sql), sink);
  }

  /**
   * Writes the result of a query as {@code result.parquet}.
   *
   * @return the file
   * @throws QueryException as {@link #query} does, and if the file cannot be written
   * @throws TraceException if the recording is damaged
   */
  public Path export(String sql) {
    return copy("(" + loadedFor(sql) + "\n)", RESULT);
  }

  /**
   * Writes all tables that have rows, each as a file of its name.
   *
   * @return the files
   * @throws QueryException if one cannot be written
   * @throws TraceException if the recording is damaged
   */
  public List<Path> exportTables() {
    SqlNames all = new SqlNames(Set.of(), Set.of(), true, false, true);
    List<EventRows> tables = catalog.seenBy(all);
    create(tables, all);
    load(tables, all);
    List<String> names = new ArrayList<>(tables.stream().map(EventRows::name).toList());
    names.addAll(OTHERS.keySet());
    return names.stream()
        .map(Column::quoted)
        .filter(duck::hasRows)
        .map(table -> copy(table, table.substring(1, table.length() - 1)))
        .toList();
  }

  private String loadedFor(String sql) {
    String decimal = HexLiterals.toDecimal(sql);
    SqlNames names = SqlNames.of(duck.parse(decimal));
    SqlNames needed =
        names.needs(PageView.NAME) ? names.with(PageView.TABLES, PageView.COLUMNS) : names;
    List<EventRows> tables = catalog.seenBy(needed);
    if (needed.catalog()) {
      create(catalog.all(), needed);
    }
    create(tables, needed);
    duck.check(decimal);
    load(tables, needed);
    return decimal;
  }

  private void create(List<EventRows> tables, SqlNames names) {
    tables.forEach(table -> duck.execute(table.ddl()));
    OTHERS.forEach((name, ddl) -> {
      if (names.needs(name) || names.catalog()) {
        duck.execute(ddl);
      }
    });
  }

  private void load(List<EventRows> tables, SqlNames names) {
    StackTable stacks = new StackTable();
    boolean stackRows = names.needs(StackRows.NAME);
    boolean stackIds = stackRows || tables.stream().anyMatch(table -> table.has(STACK_ID));
    if (!tables.isEmpty() || stackRows) {
      new Loader(source, decoder, stacks).fill(tables, duck, stackIds);
    }
    if (names.needs(OutstandingRows.NAME) && decoder.hasEvents()) {
      OutstandingRows.fill(duck, source, options, stacks);
    }
    if (stackRows) {
      StackRows.fill(duck, stacks, source.symbols());
    }
    if (names.needs(FieldRows.NAME)) {
      FieldRows.fill(duck, source.events());
    }
  }

  /** Writes a file in one piece: it appears when it is whole. */
  private Path copy(String from, String name) {
    if (parquet == null) {
      throw new IllegalStateException("the database was opened without a directory for Parquet");
    }
    Path file = parquet.resolve(name + ".parquet");
    Path draft = parquet.resolve(name + ".parquet.part");
    try {
      duck.execute("COPY %s TO %s %s".formatted(from, DuckSession.text(draft.toString()), PARQUET));
      return Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TraceException(file.toString(), e.toString(), "a file that can be written", "");
    } finally {
      deleteIfLeft(draft);
    }
  }

  private static void deleteIfLeft(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new TraceException(draft.toString(), e.toString(), "a file that can be removed", "");
    }
  }

  @Override
  public void close() {
    duck.close();
  }
}
