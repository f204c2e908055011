package dev.pgmap.trace.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A database of DuckDB in this process. It reads and writes no files but its own temporary ones and
 * those of one directory, if it was given one; statements cannot change that.
 *
 * <p>What does not fit in {@value #MEMORY} goes to a temporary directory, which {@link #close}
 * removes. For one thread.
 */
final class DuckSession implements AutoCloseable {
  private static final String MEMORY = "2GB";
  private static final String TABLES = "DESCRIBE TABLE shows the columns of a table";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path temporary;
  private final DuckDBConnection connection;

  /**
   * An empty database.
   *
   * @param open the directory whose files statements may read and write; null for none
   */
  DuckSession(@Nullable Path open) {
    try {
      temporary = Files.createTempDirectory("pgmap-query");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    try {
      connection =
          DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      removeTemporary();
      throw SqlError.of(e, "DuckDB to start", "");
    }
    execute("SET temp_directory = " + text(temporary.toString()));
    execute("SET memory_limit = '" + MEMORY + "'");
    if (open != null) {
      execute("SET allowed_directories = [" + text(open.toAbsolutePath().toString()) + "]");
    }
    execute("SET enable_external_access = false");
    execute("SET lock_configuration = true");
  }

  /** A text as SQL writes it. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** Runs a statement of ours. */
  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw SqlError.of(e, "success", "");
    }
  }

  /**
   * The syntax of a query, as {@code json_serialize_sql} tells it.
   *
   * @throws QueryException if it is not one query
   */
  JsonNode parse(String sql) {
    JsonNode parsed = serialize(sql);
    if (parsed.path("error").asBoolean()) {
      throw refused(parsed);
    }
    int statements = parsed.path("statements").size();
    if (statements != 1) {
      throw new QueryException(statements + " statements", "one SELECT", "");
    }
    return parsed;
  }

  private JsonNode serialize(String sql) {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
      statement.setString(1, sql);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return JSON.readTree(result.getString(1));
      }
    } catch (SQLException e) {
      throw SqlError.of(e, "one SELECT", "");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static QueryException refused(JsonNode parsed) {
    boolean other = parsed.path("error_type").asText().equals("not implemented");
    String found =
        other
            ? "a statement that is no SELECT"
            : SqlError.line(parsed.path("error_message").asText());
    return new QueryException(found, "one SELECT", other ? "the recording cannot be changed" : "");
  }

  /**
   * Looks whether a query fits the tables that there are.
   *
   * @throws QueryException if it does not
   */
  void check(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.getMetaData();
    } catch (SQLException e) {
      throw SqlError.of(e, "tables and columns that exist", TABLES);
    }
  }

  /**
   * Runs a query.
   *
   * @throws QueryException if it fails
   * @throws CancellationException if the thread is interrupted
   */
  void run(String sql, RowSink sink) {
    try (Statement statement = connection.createStatement();
        InterruptWatch watch = new InterruptWatch(statement);
        ResultSet result = statement.executeQuery(sql)) {
      new ResultReader(result).send(sink);
    } catch (SQLException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted");
      }
      throw SqlError.of(e, "a query that can be answered", TABLES);
    }
  }

  /** Whether a table of ours has any rows. */
  boolean hasRows(String quotedTable) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM " + quotedTable + " LIMIT 1")) {
      return result.next();
    } catch (SQLException e) {
      throw SqlError.of(e, "success", "");
    }
  }

  /** Appends rows to a table of ours. */
  TableAppender appender(String table) {
    try {
      return new TableAppender(connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table));
    } catch (SQLException e) {
      throw SqlError.of(e, "success", "");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqlError.of(e, "DuckDB to end", "");
    } finally {
      removeTemporary();
    }
  }

  private void removeTemporary() {
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
