package dev.pgmap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every plugin has the same first classes, so that two can be laid side by side. */
class PluginFoldersTest {
  private static final String EXTENSIONS = "META-INF/extensions.idx";
  private static final List<String> ROLES =
      List.of("Plugin", "PagemapOps", "Constraints", "State", "Driver");

  /** What of the common classes is not among a plugin's files. */
  private static Set<String> missing(Set<String> files, String pluginClass) {
    String prefix = pluginClass.replace('.', '/').replaceAll("Plugin$", "");
    return ROLES.stream()
        .map(role -> prefix + role + ".class")
        .filter(file -> !files.contains(file))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> missing(Path plugin) throws IOException {
    try (JarFile jar = new JarFile(plugin.toFile());
        BufferedReader index =
            new BufferedReader(
                new InputStreamReader(
                    jar.getInputStream(jar.getEntry(EXTENSIONS)), StandardCharsets.UTF_8))) {
      Set<String> files = jar.stream().map(JarEntry::getName).collect(Collectors.toSet());
      String named = index.lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
      return missing(files, named.strip());
    }
  }

  @Test
  void everyPluginHasThem() throws IOException {
    List<Path> plugins;
    try (Stream<Path> found = Files.list(Path.of(System.getProperty("pgmap.plugins")))) {
      plugins = found.toList();
    }
    assertThat(plugins).hasSizeGreaterThanOrEqualTo(4);
    for (Path plugin : plugins) {
      assertThat(missing(plugin)).as(plugin.toString()).isEmpty();
    }
  }

  @Test
  void oneThatLacksAClassIsFound() {
    Set<String> files = Set.of("a/XPlugin.class", "a/XState.class", "a/YDriver.class");

    assertThat(missing(files, "a.XPlugin"))
        .containsExactly("a/XConstraints.class", "a/XDriver.class", "a/XPagemapOps.class");
  }
}
