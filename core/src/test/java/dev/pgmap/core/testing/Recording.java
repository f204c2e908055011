package dev.pgmap.core.testing;

import dev.pgmap.core.page.RecordingPageRefs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a real kernel did to the counts of pages: one line of the recordings that the shell's tests
 * hold, too.
 *
 * @param series the kernel, such as {@code 6.1}
 * @param scenario the recording's name
 * @param firstPfn the first page whose events were recorded
 * @param endPfn one past the last
 * @param groups pages with equal sequences, in the recordings' notation
 */
public record Recording(
    String series, String scenario, long firstPfn, long endPfn, List<String> groups) {
  private static final String FILE = "shell/src/test/resources/kernel-truth/refseq.tsv";
  private static final Pattern FILTER =
      Pattern.compile("pfn >= 0x([0-9a-f]+) && pfn < 0x([0-9a-f]+)");

  /** All recordings. */
  public static List<Recording> load() throws IOException {
    List<Recording> all = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      if (!line.startsWith("#")) {
        all.add(parse(line.split("\t", -1)));
      }
    }
    return all;
  }

  /** Below the root of the checkout, which is the parent where a tool runs the tests in here. */
  private static Path file() {
    Path root = Path.of(System.getProperty("pgmap.root", ".."));
    return root.resolve(FILE);
  }

  private static Recording parse(String[] columns) {
    Matcher filter = FILTER.matcher(columns[2]);
    if (columns.length < 5 || !filter.matches()) {
      throw new IllegalArgumentException("recording: " + String.join(" | ", columns));
    }
    List<String> groups = new ArrayList<>();
    for (String group : columns[4].split(" \\|\\| ")) {
      if (!group.isBlank()) {
        groups.add(group.strip());
      }
    }
    return new Recording(
        columns[0],
        columns[1],
        Long.parseLong(filter.group(1), 16),
        Long.parseLong(filter.group(2), 16),
        groups);
  }

  /** What was recorded here of the same pages, in the same notation. */
  public List<String> groupsOf(RecordingPageRefs refs) {
    return groups(refs, firstPfn, endPfn);
  }

  /** The events of a range of pages: pages with equal sequences together. */
  public static List<String> groups(RecordingPageRefs refs, long firstPfn, long endPfn) {
    return refs.sequences().groups(pfn -> pfn >= firstPfn && pfn < endPfn);
  }
}
