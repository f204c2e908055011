package dev.pgmap.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Builds plugin jars, good ones and hostile ones. */
public final class TestPlugin {
  private final Map<String, String> manifest = new TreeMap<>();
  private final Map<String, String> constraints = new TreeMap<>();
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Map<String, byte[]> stored = new LinkedHashMap<>();
  private boolean hasManifest = true;

  private TestPlugin() {
    manifest.put("Plugin-Id", "test");
    manifest.put("Plugin-Version", "1.2.3");
    manifest.put("Plugin-Requires", ">=1.0.0 & <2.0.0");
    constraints.put("module", "test_module");
    constraints.put("description", "A plugin for tests");
    constraints.put("api", ">=1.0.0 & <2.0.0");
    constraints.put("types", "GENERIC");
    constraints.put("shifts", "0,9,18");
    constraints.put("eras", "*");
    constraints.put("mode", "devdax");
  }

  /** The jar that the build made of the device-dax plugin. */
  static Path devdax() {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("pgmap.plugins")))) {
      return jars.filter(jar -> jar.toString().contains("devdax")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A plugin that works and drives nothing. */
  static TestPlugin good() {
    return extension("");
  }

  /** A plugin whose extension has that body besides its name. */
  public static TestPlugin extension(String body) {
    return new TestPlugin()
        .source(
            "test.Plugin",
            """
            package test;
            import dev.pgmap.api.*;
            import dev.pgmap.api.dax.*;
            import dev.pgmap.api.mm.*;
            import dev.pgmap.api.pgmap.*;
            import java.util.*;
            public class Plugin implements DeviceMemoryPlugin {
              public String name() { return "test_module"; }
            %s
            }
            """
                .formatted(body))
        .entry(JarChecks.EXTENSIONS, "test.Plugin\n");
  }

  /** A plugin with a driver that has that probe. */
  static TestPlugin driver(String probe) {
    return extension(
        """
        public Optional<DaxDriver> daxDriver() {
          return Optional.of(new DaxDriver() {
            public String name() { return "test_module"; }
            public void probe(DaxDevice device) { %s }
          });
        }
        """
            .formatted(probe));
  }

  public TestPlugin source(String className, String source) {
    sources.put(className, source);
    return this;
  }

  TestPlugin entry(String name, String content) {
    return entry(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TestPlugin entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** An entry that is not compressed. */
  TestPlugin stored(String name, byte[] content) {
    stored.put(name, content);
    return this;
  }

  TestPlugin manifest(String name, String value) {
    manifest.put(name, value);
    return this;
  }

  TestPlugin withoutManifest(String name) {
    manifest.remove(name);
    return this;
  }

  TestPlugin withoutAnyManifest() {
    hasManifest = false;
    return this;
  }

  TestPlugin constraint(String key, String value) {
    constraints.put(key, value);
    return this;
  }

  TestPlugin withoutConstraint(String key) {
    constraints.remove(key);
    return this;
  }

  TestPlugin withoutConstraints() {
    constraints.clear();
    return this;
  }

  public Path build(Path jar) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    if (hasManifest) {
      all.put(JarFile.MANIFEST_NAME, lines("Manifest-Version: 1.0\n", manifest, ": "));
    }
    all.putAll(compile());
    all.putAll(entries);
    if (!constraints.isEmpty() && !entries.containsKey(ConstraintsFile.PATH)) {
      all.put(ConstraintsFile.PATH, lines("", constraints, "="));
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : all.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
      for (Map.Entry<String, byte[]> entry : stored.entrySet()) {
        zip.putNextEntry(storedEntry(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
      }
    }
    return jar;
  }

  private static ZipEntry storedEntry(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }

  private static byte[] lines(String first, Map<String, String> values, String separator) {
    StringBuilder text = new StringBuilder(first);
    values.forEach((key, value) -> text.append(key).append(separator).append(value).append('\n'));
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, byte[]> compile() throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    if (sources.isEmpty()) {
      return classes;
    }
    Path out = Files.createTempDirectory("plugin-classes");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Source(name, text)));
    List<String> options =
        List.of(
            "-proc:none",
            "-nowarn",
            "-d",
            out.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    if (!compiler.getTask(null, null, null, options, null, units).call()) {
      throw new IllegalArgumentException("the test's plugin does not compile");
    }
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        classes.put(out.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return classes;
  }

  /** The class file of a class on the test's class path. */
  static byte[] classFile(Class<?> type) throws IOException {
    String name = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return bytes.toByteArray();
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
