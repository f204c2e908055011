package dev.pgmap.trace.query;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in columns. The first {@value #SAMPLE} rows say how wide columns are; a wider cell further
 * on shifts the rest of its line. A column whose name ends with pfn is in hexadecimal, as the
 * kernel prints it; control characters are shown as {@code ?}.
 */
final class TableRows implements RowSink {
  private static final int SAMPLE = 1000;

  private final PrintWriter out;
  private final List<List<String>> sample = new ArrayList<>();
  private boolean[] hexadecimal = {};
  private boolean[] flushRight = {};
  private int[] widths = {};
  private long rows;

  TableRows(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> columns) {
    int nr = columns.size();
    hexadecimal = new boolean[nr];
    flushRight = new boolean[nr];
    widths = new int[nr];
    for (int i = 0; i < nr; i++) {
      hexadecimal[i] = columns.get(i).endsWith("pfn");
    }
    keep(columns);
  }

  @Override
  public void row(List<@Nullable Object> values) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      flushRight[i] |= value instanceof Number;
      cells.add(
          hexadecimal[i] && value instanceof Long pfn
              ? "0x" + Long.toHexString(pfn)
              : visible(Cell.of(value)));
    }
    rows++;
    if (rows < SAMPLE) {
      keep(cells);
    } else {
      printSample();
      print(cells);
    }
  }

  @Override
  public void end() {
    printSample();
    out.println("(" + rows + (rows == 1 ? " row)" : " rows)"));
    out.flush();
  }

  private void keep(List<String> cells) {
    sample.add(cells);
    for (int i = 0; i < cells.size(); i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  private void printSample() {
    sample.forEach(this::print);
    sample.clear();
  }

  private void print(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String blanks = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(i == 0 ? "" : "  ").append(flushRight[i] ? blanks + cell : cell + blanks);
    }
    out.println(line.toString().stripTrailing());
  }

  private static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return shown.toString();
  }
}
