package dev.pgmap.host;

import dev.pgmap.api.ApiVersion;
import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.PgmapConstraints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.pf4j.DefaultVersionManager;

/**
 * What must hold of a jar before any class of it is loaded.
 *
 * <p>In order: the manifest names the plugin, the constraints are there and make sense, they fit
 * this api, no class of the host is bundled, every class can be read by this JVM, and there is
 * exactly one extension, whose class is there.
 */
final class JarChecks {
  /** Where the framework looks for the names of extension classes. */
  static final String EXTENSIONS = "META-INF/extensions.idx";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,54}");
  private static final Pattern VERSION =
      Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?");
  private static final Pattern OF_THE_HOST =
      Pattern.compile(
          "(META-INF/versions/[0-9]+/)?"
              + "(dev/pgmap/(api|core|host|shell)|org/(slf4j|jspecify|pf4j))/.*\\.class");
  private static final int CLASS_MAGIC = 0xCAFEBABE;

  private final Path path;
  private final Map<String, byte[]> entries;
  private final Map<String, String> manifest;

  private JarChecks(Path path, Map<String, byte[]> entries, Map<String, String> manifest) {
    this.path = path;
    this.entries = entries;
    this.manifest = manifest;
  }

  static PluginJar check(Path path, Map<String, byte[]> entries, Map<String, String> manifest) {
    JarChecks checks = new JarChecks(path, entries, manifest);
    checks.checkManifest();
    PgmapConstraints constraints = checks.constraints();
    checks.checkApi("constraints: api", constraints.apiRange());
    checks.checkApi("manifest: Plugin-Requires", manifest.getOrDefault("Requires", "*"));
    checks.checkClasses();
    checks.checkExtension();
    return new PluginJar(path, Map.copyOf(entries), Map.copyOf(manifest), constraints);
  }

  private void checkManifest() {
    checkAttribute("Id", ID, "letters, digits, '.', '_' and '-'");
    checkAttribute("Version", VERSION, "a version such as 1.0.0");
    if (!manifest.getOrDefault("Dependencies", "").isEmpty()) {
      throw notAModule("manifest: Plugin-Dependencies", "a plugin that needs no other plugin");
    }
    if (!manifest.getOrDefault("Class", "").isEmpty()) {
      throw notAModule("manifest: Plugin-Class", "an extension, and no plugin class");
    }
  }

  private void checkAttribute(String name, Pattern pattern, String expected) {
    String value = manifest.get(name);
    if (value == null || !pattern.matcher(value).matches()) {
      throw notAModule(
          "manifest: Plugin-" + name + (value == null ? " is missing" : " is '" + value + "'"),
          expected);
    }
  }

  private PgmapConstraints constraints() {
    byte[] content = entries.get(ConstraintsFile.PATH);
    if (content == null) {
      throw notAModule("no " + ConstraintsFile.PATH, "a plugin that states its constraints");
    }
    return ConstraintsFile.parse(path.toString(), content);
  }

  private void checkApi(String where, String range) {
    boolean fits;
    try {
      fits = new DefaultVersionManager().checkVersionConstraint(ApiVersion.CURRENT, range);
    } catch (RuntimeException e) {
      throw notAModule(where + " is '" + range + "'", "a version range");
    }
    if (!fits) {
      throw notAModule(
          where + " is '" + range + "'", "a range that has this api, " + ApiVersion.CURRENT);
    }
  }

  private void checkClasses() {
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (OF_THE_HOST.matcher(entry.getKey()).matches()) {
        throw notAModule(
            "bundles " + entry.getKey(),
            "no class of the host; give that dependency scope provided");
      }
      if (entry.getKey().endsWith(".class")) {
        checkClassFile(entry.getKey(), entry.getValue());
      }
    }
  }

  private void checkClassFile(String name, byte[] content) {
    if (content.length < 8 || ByteBuffer.wrap(content).getInt(0) != CLASS_MAGIC) {
      throw notAModule(name + " is no class file", "class files");
    }
    int minor = ByteBuffer.wrap(content).getShort(4) & 0xffff;
    int major = ByteBuffer.wrap(content).getShort(6) & 0xffff;
    int newest = Runtime.version().feature() + 44;
    if (major > newest || minor == 0xffff) {
      throw notAModule(
          "%s has class-file version %d.%d".formatted(name, major, minor),
          "at most %d.0, without preview features".formatted(newest));
    }
  }

  private void checkExtension() {
    byte[] index = entries.get(EXTENSIONS);
    List<String> names = index == null ? List.of() : extensionNames(index);
    if (names.size() != 1) {
      throw notAModule(
          names.isEmpty() ? "no extension in " + EXTENSIONS : "extensions " + names,
          "one DeviceMemoryPlugin");
    }
    String file = names.getFirst().replace('.', '/') + ".class";
    if (!entries.containsKey(file)) {
      throw new MmException(
          Errno.ENOENT,
          path.toString(),
          "extension class " + names.getFirst() + " is not in the jar",
          "the class that " + EXTENSIONS + " names",
          "build the plugin again");
    }
  }

  private static List<String> extensionNames(byte[] index) {
    return new String(index, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceFirst("#.*", "").trim())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private MmException notAModule(String found, String expected) {
    return new MmException(
        Errno.ENOEXEC, path.toString(), found, expected, "build the plugin again");
  }
}
