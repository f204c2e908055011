package dev.pgmap.trace.query;

/**
 * A column of a table of events.
 *
 * @param name as SQL names it
 * @param type as SQL states it
 * @param value how an event's value gets there
 */
record Column(String name, String type, Value value) {
  /** Appends one value, or null. */
  interface Value {
    /** Appends what the row has. */
    void append(TableAppender to, Row row);
  }

  /** A name as an SQL identifier, whatever it holds. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Name and type, as CREATE TABLE wants them. */
  String declaration() {
    return quoted(name) + " " + type;
  }
}
