package dev.pgmap.shell.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What had run before, in the same boot and on the same namespace, and left something that a
 * recording shows: lines of {@code history.tsv}, each with a recording and the one before it.
 * Immutable.
 */
record History(Map<String, String> earlierByRecording) {
  private static final String FILE = "history.tsv";

  /** That of the program. */
  static History bundled() {
    Map<String, String> earlier = new HashMap<>();
    DataFile.rows(FILE).forEach(row -> earlier.put(row[0], row[1]));
    return new History(earlier);
  }

  /** What to run first; those that are not among the recordings are left out. */
  List<Recording> before(Recording recording, Map<String, Recording> all) {
    String earlier = earlierByRecording.get(recording.name());
    return earlier == null || !all.containsKey(earlier)
        ? List.of()
        : List.of(Objects.requireNonNull(all.get(earlier)));
  }
}
