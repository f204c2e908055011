package dev.pgmap.shell.ndctltests;

import dev.pgmap.shell.session.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A test of ndctl's suite.
 *
 * @param suite the part of the suite: {@code ndctl}, {@code dax} or {@code cxl}
 * @param name as ndctl calls it, such as {@code multi-dax.sh}
 * @param skipReason why it is not run; empty if it is
 */
record NdctlTest(String suite, String name, String skipReason) {
  private static final String LIST = "tests.tsv";

  /** All of them, in the order of the suite. */
  static List<NdctlTest> all() {
    return resource(LIST)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(columns -> new NdctlTest(columns[0], columns[1], columns.length > 2 ? columns[2] : ""))
        .toList();
  }

  /**
   * Those of these names, in the order of the suite; all if there are none.
   *
   * @throws CommandException with exit code 2 for a name that there is not
   */
  static List<NdctlTest> named(List<String> names) {
    List<NdctlTest> all = all();
    for (String name : names) {
      if (all.stream().noneMatch(test -> test.name.equals(name))) {
        throw CommandException.badValue("NAME", name, "a name that ndctl-tests -l lists");
      }
    }
    return names.isEmpty() ? all : all.stream().filter(test -> names.contains(test.name)).toList();
  }

  /** Its script; only of a test that is run. */
  String script() {
    return resource(name + ".pgmap");
  }

  private static String resource(String file) {
    try (InputStream in = NdctlTest.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
