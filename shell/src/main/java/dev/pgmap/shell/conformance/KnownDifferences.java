package dev.pgmap.shell.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The differences that are known and explained: lines of {@code known-differences.tsv}, each with a
 * recording, the first difference word by word, and why it is there. Immutable.
 */
record KnownDifferences(Map<String, Known> byRecording) {
  private static final String FILE = "known-differences.tsv";

  /**
   * A known difference.
   *
   * @param difference the first difference
   * @param explanation why it is there
   */
  record Known(String difference, String explanation) {}

  /** Those of the program. */
  static KnownDifferences bundled() {
    return parse(DataFile.rows(FILE));
  }

  /** From rows of three columns. */
  static KnownDifferences parse(Iterable<String[]> rows) {
    Map<String, Known> byRecording = new LinkedHashMap<>();
    for (String[] row : rows) {
      byRecording.put(row[0], new Known(row[1], row[2]));
    }
    return new KnownDifferences(byRecording);
  }

  @Nullable Known of(Recording recording) {
    return byRecording.get(recording.name());
  }
}
