package dev.pgmap.shell;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of the program. */
final class Version {
  private static final String MAVEN = "/META-INF/maven/dev.pgmap/pgmap-shell/pom.properties";

  private Version() {}

  static String text() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(MAVEN)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "pgmap, of unknown version: " + e;
    }
    return "pgmap %s (Java %s)"
        .formatted(properties.getProperty("version", "development"), Runtime.version());
  }
}
