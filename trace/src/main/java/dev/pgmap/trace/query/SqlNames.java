package dev.pgmap.trace.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a query names, read from DuckDB's own parse of it, so that no more is loaded than it can
 * see: too much rather than too little where it cannot be told. Names are in lower case.
 *
 * @param tables names of tables, also those that the query itself makes up
 * @param columns names of columns
 * @param all whether the query sees columns without naming them
 * @param catalog whether it looks at the list of tables
 * @param opaque whether it calls a table function, which may read any table
 */
record SqlNames(
    Set<String> tables, Set<String> columns, boolean all, boolean catalog, boolean opaque) {
  private static final Set<String> PURE_FUNCTIONS = Set.of("range", "generate_series", "unnest");
  private static final Set<String> CATALOGS = Set.of("information_schema", "pg_catalog");

  /** The names in a statement that {@code json_serialize_sql} has serialized. */
  static SqlNames of(JsonNode serialized) {
    Reader reader = new Reader();
    reader.visit(serialized);
    // A table's own name stands for all of its columns.
    boolean all = reader.all || reader.aliases.stream().anyMatch(reader.columns::contains);
    return new SqlNames(reader.tables, reader.columns, all, reader.catalog, reader.opaque);
  }

  /** Whether a query may see a table. */
  boolean needs(String table) {
    return opaque || tables.contains(table);
  }

  /** Whether a query may see a column. */
  boolean sees(String column) {
    return all || opaque || columns.contains(column);
  }

  /** These names and some more. */
  SqlNames with(Set<String> moreTables, Set<String> moreColumns) {
    return new SqlNames(
        union(tables, moreTables), union(columns, moreColumns), all, catalog, opaque);
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> union = new HashSet<>(some);
    union.addAll(others);
    return union;
  }

  private static final class Reader {
    final Set<String> tables = new HashSet<>();
    final Set<String> aliases = new HashSet<>();
    final Set<String> columns = new HashSet<>();
    boolean all;
    boolean catalog;
    boolean opaque;

    void visit(JsonNode node) {
      if (node.isObject()) {
        switch (node.path("type").asText()) {
          case "BASE_TABLE" -> table(node);
          case "COLUMN_REF" -> names(node.path("column_names"));
          case "STAR", "PIVOT" -> all = true;
          case "SHOW_REF" -> show(node);
          case "TABLE_FUNCTION" -> function(node.path("function"));
          case "JOIN" -> join(node);
          default -> {
            // nothing of its own
          }
        }
      }
      node.forEach(this::visit);
    }

    private void table(JsonNode node) {
      String name = lower(node.path("table_name"));
      tables.add(name);
      aliases.add(name);
      aliases.add(lower(node.path("alias")));
      catalog |= CATALOGS.contains(lower(node.path("schema_name")));
    }

    private void show(JsonNode node) {
      all = true;
      catalog |= node.path("query").isNull();
    }

    private void join(JsonNode node) {
      names(node.path("using_columns"));
      all |= node.path("ref_type").asText().equals("NATURAL");
    }

    private void function(JsonNode node) {
      opaque |= !PURE_FUNCTIONS.contains(lower(node.path("function_name")));
    }

    private void names(JsonNode list) {
      list.forEach(name -> columns.add(lower(name)));
    }

    private static String lower(JsonNode text) {
      return text.asText().toLowerCase(Locale.ROOT);
    }
  }
}
