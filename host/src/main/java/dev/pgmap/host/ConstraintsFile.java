package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.pgmap.MemoryType;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.pf4j.DefaultVersionManager;

/**
 * Reads {@code META-INF/pgmap/constraints.properties}.
 *
 * <p>All keys but {@code load} are required and no other is allowed, so that a slip of the pen is
 * not taken for a default. Every complaint is an EINVAL that names the file, the key and what is
 * expected.
 */
final class ConstraintsFile {
  /** Where the file lies in a plugin jar. */
  static final String PATH = "META-INF/pgmap/constraints.properties";

  private static final List<String> KEYS =
      List.of("module", "description", "api", "types", "shifts", "eras", "mode");
  private static final String LOAD = "load";
  private static final String ON_REQUEST = "on-request";
  private static final Pattern MODULE = Pattern.compile("[a-z][a-z0-9_]{0,54}");
  private static final Pattern MODE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern ERA = Pattern.compile("\\*|[0-9]{1,3}\\.[0-9]{1,3}");
  private static final int MAX_SHIFT = 22;
  private static final int MAX_DESCRIPTION = 200;

  private final String jar;
  private final Properties values = new Properties();

  private ConstraintsFile(String jar) {
    this.jar = jar;
  }

  /**
   * Parses and checks the file.
   *
   * @param jar the jar's name, for messages
   * @throws MmException EINVAL
   */
  static PgmapConstraints parse(String jar, byte[] content) {
    return new ConstraintsFile(jar).read(content);
  }

  private PgmapConstraints read(byte[] content) {
    try {
      values.load(new StringReader(new String(content, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw wrong("file", String.valueOf(e.getMessage()), "key=value lines");
    }
    checkKeys();
    String description = value("description");
    if (description.length() > MAX_DESCRIPTION
        || description.chars().anyMatch(Character::isISOControl)) {
      throw wrong("description", "too long or not plain text", "one line of up to 200 characters");
    }
    return new PgmapConstraints(
        matching("module", MODULE, "a lower-case name of up to 55 letters, digits and _"),
        description,
        range(),
        set("types", ConstraintsFile::memoryType, "of " + Arrays.toString(MemoryType.values())),
        set("shifts", ConstraintsFile::shift, "of whole numbers from 0 to " + MAX_SHIFT),
        set("eras", ConstraintsFile::era, "of era names such as 6.1, or *"),
        matching("mode", MODE, "a lower-case name of up to 32 letters, digits and -"),
        onRequest());
  }

  private boolean onRequest() {
    String load = value(LOAD);
    if (!load.isEmpty() && !load.equals(ON_REQUEST)) {
      throw wrong(LOAD, "'" + load + "'", "no such line, or " + ON_REQUEST);
    }
    return !load.isEmpty();
  }

  private void checkKeys() {
    for (String key : new TreeSet<>(values.stringPropertyNames())) {
      if (!KEYS.contains(key) && !key.equals(LOAD)) {
        throw wrong(key, "an unknown key", "only the keys " + KEYS + " and " + LOAD);
      }
    }
    for (String key : KEYS) {
      if (value(key).isEmpty()) {
        throw wrong(key, "missing or empty", "a value");
      }
    }
  }

  private String value(String key) {
    return values.getProperty(key, "").trim();
  }

  private String matching(String key, Pattern pattern, String expected) {
    String found = value(key);
    if (!pattern.matcher(found).matches()) {
      throw wrong(key, "'" + found + "'", expected);
    }
    return found;
  }

  private String range() {
    String found = value("api");
    if (!isRange(found)) {
      throw wrong("api", "'" + found + "'", "a version range such as '>=1.0.0 & <2.0.0'");
    }
    return found;
  }

  private static boolean isRange(String found) {
    try {
      new DefaultVersionManager().checkVersionConstraint("1.0.0", found);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private <T> Set<T> set(String key, Function<String, T> parse, String expected) {
    Set<T> parsed = new LinkedHashSet<>();
    for (String part : value(key).split(",", -1)) {
      try {
        parsed.add(parse.apply(part.trim()));
      } catch (IllegalArgumentException e) {
        throw wrong(key, "'" + part.trim() + "'", "a comma-separated list " + expected);
      }
    }
    return parsed;
  }

  private static MemoryType memoryType(String text) {
    return MemoryType.valueOf(text);
  }

  private static int shift(String text) {
    int shift = Integer.parseInt(text);
    if (shift < 0 || shift > MAX_SHIFT) {
      throw new IllegalArgumentException(text);
    }
    return shift;
  }

  private static String era(String text) {
    if (!ERA.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private MmException wrong(String key, String found, String expected) {
    return new MmException(
        Errno.EINVAL,
        jar + ": " + PATH + ": " + key,
        found,
        expected,
        "correct it and build again");
  }
}
