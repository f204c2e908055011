package dev.pgmap.shell.conformance;

import dev.pgmap.shell.format.TextFile;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where recordings come from: a folder, or the ones that travel with the program. */
final class Recordings {
  private static final String BUNDLED = "kernel-truth.tar.gz";
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final List<String> FILES =
      List.of(
          Recording.META,
          Recording.META_BEFORE,
          Recording.REFSEQ,
          Recording.RESULT,
          Recording.DMESG);

  /** By kernel as versions are ordered, then by name. */
  private static final Comparator<Recording> ORDER =
      Comparator.comparing(Recordings::versionKey).thenComparing(Recording::scenario);

  private Recordings() {}

  /** The recordings that travel with the program, ordered. */
  static List<Recording> bundled() {
    try (InputStream in =
        Objects.requireNonNull(Recordings.class.getResourceAsStream(BUNDLED), BUNDLED)) {
      return all(TarGzip.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The recordings of a folder, {@code SERIES/SCENARIO/meta.txt} and what lies beside it, ordered.
   *
   * @throws CommandException with exit code 3 if it cannot be read or holds none
   */
  static List<Recording> in(Path directory) {
    Map<String, String> texts = new TreeMap<>();
    for (Path series : directories(directory)) {
      for (Path scenario : directories(series)) {
        for (String file : FILES) {
          Path path = scenario.resolve(file);
          if (Files.isRegularFile(path)) {
            String name = series.getFileName() + "/" + scenario.getFileName() + "/" + file;
            texts.put(name, TextFile.read("recording", path));
          }
        }
      }
    }
    List<Recording> all = all(texts);
    if (all.isEmpty()) {
      throw new CommandException(
          Exit.BAD_FILE,
          directory + ": found no recording, expected folders SERIES/SCENARIO with a meta.txt");
    }
    return all;
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      String found = Files.isDirectory(parent) ? "a folder that cannot be read" : "no such folder";
      throw new CommandException(
          Exit.BAD_FILE, parent + ": found " + found + ", expected a folder of recordings");
    }
  }

  private static List<Recording> all(Map<String, String> texts) {
    Map<String, Map<String, String>> folders = new TreeMap<>();
    texts.forEach((name, text) -> {
      int slash = name.lastIndexOf('/');
      if (slash > 0) {
        folders
            .computeIfAbsent(name.substring(0, slash), unused -> new HashMap<>())
            .put(name.substring(slash + 1), text);
      }
    });
    List<Recording> all = new ArrayList<>();
    folders.forEach((folder, files) -> {
      int slash = folder.indexOf('/');
      if (slash > 0 && files.containsKey(Recording.META)) {
        all.add(Recording.of(folder.substring(0, slash), folder.substring(slash + 1), files));
      }
    });
    all.sort(ORDER);
    return all;
  }

  /** 5.10 before 6.1 before 6.12: numbers in front of which zeros are put compare as text. */
  private static String versionKey(Recording recording) {
    return DIGITS
        .matcher(recording.series())
        .replaceAll(
            number -> "0".repeat(Math.max(0, 9 - number.group().length())) + number.group());
  }
}
