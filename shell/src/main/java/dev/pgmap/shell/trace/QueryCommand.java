package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.query.QueryException;
import dev.pgmap.trace.query.RowFormat;
import dev.pgmap.trace.query.TraceDatabase;
import dev.pgmap.trace.read.TraceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace query}: SQL over a recording. */
@CommandLine.Command(
    name = "query",
    description = {
      "Ask a recording in SQL (DuckDB's). Tables: event, ref (changes of page counts), page,"
          + " stack,",
      "outstanding (who holds what at the end), field, and one for each event system.",
      "DESCRIBE ref lists the columns of a table."
    })
final class QueryCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private LedgerArguments arguments = new LedgerArguments();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SQL",
      description = "One SELECT, as one word: put it in quotes.")
  private @Nullable String sql;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, csv or json.")
  private @Nullable String format;

  @Option(
      names = "--parquet",
      paramLabel = "DIR",
      description = {
        "Write the result to DIR as result.parquet; without SQL, each table as a file of its name."
      })
  private @Nullable Path parquet;

  QueryCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    RowFormat rowFormat = rowFormat();
    String query = sql;
    Path directory = parquet;
    if (query == null && directory == null) {
      throw CommandException.usage("found no SQL, expected a SELECT, or --parquet DIR");
    }
    try (TraceFiles.Opened opened = file.open()) {
      TraceSource source = SelectedSource.all(opened.source());
      if (directory != null) {
        export(source, query, directory);
      } else if (query != null) {
        print(source, query, rowFormat);
      }
    } catch (QueryException e) {
      throw CommandException.usage("query: %s", String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      throw new CommandInterrupted();
    }
    return Exit.OK;
  }

  private RowFormat rowFormat() {
    if (format == null) {
      return Group.wantsJson(console, false) ? RowFormat.JSON : RowFormat.TABLE;
    }
    return switch (format) {
      case "table" -> RowFormat.TABLE;
      case "csv" -> RowFormat.CSV;
      case "json" -> RowFormat.JSON;
      default -> throw CommandException.badValue("--format", format, "table, csv or json");
    };
  }

  private LedgerOptions options(TraceSource source) {
    return arguments.options(source.clock().isTime());
  }

  private void print(TraceSource source, String query, RowFormat rowFormat) {
    try (TraceDatabase database = TraceDatabase.of(source, options(source))) {
      database.query(query, rowFormat.to(console.out()));
    }
  }

  private void export(TraceSource source, @Nullable String query, Path directory) {
    try (TraceDatabase database = TraceDatabase.of(source, options(source), directory)) {
      List<Path> files = query == null ? database.exportTables() : List.of(database.export(query));
      files.forEach(written -> console.out().println(written));
    }
  }
}
