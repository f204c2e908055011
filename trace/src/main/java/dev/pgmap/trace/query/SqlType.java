package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;

/** The type of a column, which is that of all fields that it shows. */
enum SqlType {
  /** Signed, or unsigned of less than 8 bytes. */
  BIGINT("BIGINT"),
  /** Unsigned of 8 bytes, such as a pointer. */
  UBIGINT("UBIGINT"),
  /** Fields of both of these types. */
  HUGEINT("HUGEINT"),
  /** Elements of an array that are signed, or unsigned of less than 8 bytes. */
  BIGINTS("BIGINT[]"),
  /** Elements of 8 bytes without a sign. */
  UBIGINTS("UBIGINT[]"),
  /** Text, and anything where fields differ. */
  VARCHAR("VARCHAR");

  private final String sql;

  SqlType(String sql) {
    this.sql = sql;
  }

  /** As DuckDB writes it. */
  String sql() {
    return sql;
  }

  /** The type that holds a field. */
  static SqlType of(EventField field) {
    if (field.shape().isText()) {
      return VARCHAR;
    }
    // A pfn has at most 52 bits: signed, so that differences can be taken.
    boolean signed = field.signed() || field.elementBytes() < 8 || field.name().endsWith("pfn");
    if (field.shape() == Shape.NUMBER) {
      return signed ? BIGINT : UBIGINT;
    }
    return signed ? BIGINTS : UBIGINTS;
  }

  /** The type that holds the values of two. */
  SqlType with(SqlType other) {
    if (this == other) {
      return this;
    }
    return isNumber() && other.isNumber() ? HUGEINT : VARCHAR;
  }

  private boolean isNumber() {
    return this == BIGINT || this == UBIGINT || this == HUGEINT;
  }
}
