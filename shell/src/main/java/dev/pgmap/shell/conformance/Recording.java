package dev.pgmap.shell.conformance;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One recording of a real kernel. Immutable.
 *
 * @param series the kernel, such as {@code 6.1}
 * @param scenario what was recorded, such as {@code S1-devdax-2M-mem-fork}
 * @param meta the machine, the namespaces and the command
 * @param before the namespaces before the command, where it changes them
 * @param files its other texts by name: {@code refseq.txt}, {@code result.txt}, {@code dmesg.txt}
 */
record Recording(
    String series, String scenario, Meta meta, @Nullable Meta before, Map<String, String> files) {
  static final String META = "meta.txt";
  static final String META_BEFORE = "meta-before.txt";
  static final String REFSEQ = "refseq.txt";
  static final String RESULT = "result.txt";
  static final String DMESG = "dmesg.txt";

  /** Copies the map. */
  Recording {
    files = Map.copyOf(files);
  }

  /**
   * A recording from the texts of its folder.
   *
   * @throws dev.pgmap.shell.session.CommandException if its meta.txt is not as it should be
   */
  static Recording of(String series, String scenario, Map<String, String> files) {
    String name = series + "/" + scenario + "/";
    String meta = Objects.requireNonNull(files.get(META));
    String before = files.get(META_BEFORE);
    return new Recording(
        series,
        scenario,
        Meta.parse(name + META, meta),
        before == null ? null : Meta.parse(name + META_BEFORE, before),
        files);
  }

  /** Such as {@code 6.1/S1-devdax-2M-mem-fork}. */
  String name() {
    return series + "/" + scenario;
  }

  /** The machine as it was before the command. */
  Meta start() {
    return before == null ? meta : before;
  }

  /** The text of a file; empty if it does not have that one. */
  String text(String file) {
    return files.getOrDefault(file, "");
  }
}
