package dev.pgmap.shell.format;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of text in columns, each as wide as it needs to be; numbers flush right. */
public final class Table {
  private static final String NUMBER = "[-+]?[0-9][0-9.,]*[x%]?";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these headings. */
  public Table(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row; shorter than the headings is fine. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** The lines, headings first. */
  public List<String> lines() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(pad(row.get(i), widths[i], isNumeric(i)));
    }
    return cells.stream().collect(Collectors.joining("  ")).stripTrailing();
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(1)
        .filter(row -> row.size() > column)
        .allMatch(row -> row.get(column).matches(NUMBER));
  }

  private static String pad(String cell, int width, boolean right) {
    String blanks = " ".repeat(width - cell.length());
    return right ? blanks + cell : cell + blanks;
  }
}
