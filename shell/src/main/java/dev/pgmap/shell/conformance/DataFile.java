package dev.pgmap.shell.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Small tables beside this class: tab-separated columns, {@code #} begins a comment. */
final class DataFile {
  private DataFile() {}

  static List<String[]> rows(String file) {
    try (InputStream in = Objects.requireNonNull(DataFile.class.getResourceAsStream(file), file)) {
      return rowsOf(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String[]> rowsOf(String text) {
    return text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .toList();
  }
}
