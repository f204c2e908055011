package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;

/** Reads a plugin jar whole, and checks it with {@link JarChecks}. */
final class JarReader {
  /** No plugin is larger than this, unpacked. */
  private static final long MAX_BYTES = 64L << 20;

  private static final String PREFIX = "Plugin-";

  private final Path path;

  private JarReader(Path path) {
    this.path = path;
  }

  /**
   * Reads and checks a jar.
   *
   * @throws MmException ENOENT, ENOEXEC or EINVAL, with what is wrong
   */
  static PluginJar read(Path path) {
    return new JarReader(path).read();
  }

  private PluginJar read() {
    if (Files.isDirectory(path)) {
      throw new MmException(Errno.EINVAL, path.toString(), "a directory", "a plugin jar", "");
    }
    if (!Files.exists(path)) {
      throw new MmException(
          Errno.ENOENT, path.toString(), "no such file", "a plugin jar", "see modinfo for names");
    }
    try (JarFile jar = new JarFile(path.toFile(), false)) {
      Map<String, String> manifest = manifest(jar);
      Map<String, byte[]> entries = entries(jar);
      return JarChecks.check(path, entries, manifest);
    } catch (IOException | SecurityException | IllegalArgumentException e) {
      throw notAModule("cannot be read as a jar: " + e.getMessage(), "a whole, unbroken jar");
    }
  }

  private Map<String, String> manifest(JarFile jar) throws IOException {
    Manifest manifest = jar.getManifest();
    if (manifest == null) {
      throw notAModule("no META-INF/MANIFEST.MF", "a manifest with Plugin-Id and Plugin-Version");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> attribute : manifest.getMainAttributes().entrySet()) {
      String name = ((Attributes.Name) attribute.getKey()).toString();
      if (name.startsWith(PREFIX)) {
        attributes.put(name.substring(PREFIX.length()), ((String) attribute.getValue()).trim());
      }
    }
    return attributes;
  }

  private Map<String, byte[]> entries(JarFile jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    long left = MAX_BYTES;
    for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
      JarEntry entry = all.nextElement();
      if (!entry.isDirectory()) {
        byte[] content = content(jar, entry, left);
        left -= content.length;
        if (entries.put(entry.getName(), content) != null) {
          throw notAModule("entry " + entry.getName() + " is there twice", "unique entries");
        }
      }
    }
    return entries;
  }

  private byte[] content(JarFile jar, JarEntry entry, long left) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] content = in.readNBytes((int) left);
      if (in.read() >= 0) {
        throw notAModule("more than 64 MiB unpacked", "a smaller jar");
      }
      CRC32 crc = new CRC32();
      crc.update(content);
      if (entry.getCrc() >= 0 && crc.getValue() != entry.getCrc()) {
        throw notAModule("entry " + entry.getName() + " is damaged (CRC)", "an unbroken jar");
      }
      return content;
    }
  }

  private MmException notAModule(String found, String expected) {
    return new MmException(
        Errno.ENOEXEC, path.toString(), found, expected, "build the plugin again");
  }
}
