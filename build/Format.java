import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Holds every Java source of the tree to google-java-format.
 *
 * <p>Started by the root pom in one process for all modules: {@code check} lists the files that
 * differ from their formatted selves, {@code write} rewrites them.
 */
final class Format {
  private Format() {}

  /** Takes {@code check} or {@code write}, the root of the tree, and where to leave the list. */
  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    Path list = Path.of(args[2]);
    Files.deleteIfExists(list);
    var differing = new ConcurrentSkipListMap<Path, String>();
    sources(root).parallelStream()
        .forEach(file -> {
          try {
            String before = Files.readString(file);
            String after = new Formatter().formatSourceAndFixImports(before);
            if (!before.equals(after)) {
              differing.put(root.relativize(file), after);
            }
          } catch (FormatterException e) {
            throw new IllegalStateException(root.relativize(file) + ": " + e.getMessage(), e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    if (write) {
      for (var file : differing.entrySet()) {
        Files.writeString(root.resolve(file.getKey()), file.getValue());
        System.out.println("formatted " + file.getKey());
      }
    } else if (!differing.isEmpty()) {
      differing.keySet().forEach(file -> System.err.println("[ERROR] not formatted: " + file));
      Files.write(list, differing.keySet().stream().map(Path::toString).toList());
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().matches("(.*/)?target/.*"))
          .toList();
    }
  }
}
