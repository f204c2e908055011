package dev.pgmap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pgmap.architecture.HouseRules.HouseRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the house rules over all modules, and each rule over the canaries that break it. */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("pgmap.root"));
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .importPaths(sources().map(main -> main.resolve("../../../target/classes")).toList());
  private static final JavaClasses CANARIES =
      new ClassFileImporter()
          .withImportOption(location -> location.contains("/Canary"))
          .importPaths(ROOT.resolve("shell/target/test-classes"));

  @ParameterizedTest
  @MethodSource("rules")
  void holds(HouseRule rule) {
    rule.rule().check(HOUSE);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void catchesItsCanary(HouseRule rule) {
    assertThat(rule.rule().evaluate(CANARIES).hasViolation()).isTrue();
  }

  @Test
  void seesEveryModule() {
    assertThat(HOUSE)
        .extracting(item -> item.getPackageName())
        .contains(
            "dev.pgmap.api",
            "dev.pgmap.core",
            "dev.pgmap.plugins.devdax",
            "dev.pgmap.plugins.deviceprivate",
            "dev.pgmap.plugins.coherent",
            "dev.pgmap.plugins.fsdax",
            "dev.pgmap.host",
            "dev.pgmap.trace.event",
            "dev.pgmap.shell");
  }

  @Test
  void eachPackageHasItsInfo() throws IOException {
    for (Path source : sources().toList()) {
      try (Stream<Path> files = Files.walk(source)) {
        assertThat(files.filter(file -> file.toString().endsWith(".java")))
            .allSatisfy(file -> assertThat(file.resolveSibling("package-info.java")).exists());
      }
    }
  }

  @Test
  void pluginJarsHoldPluginClassesOnly() throws IOException {
    try (Stream<Path> plugins = Files.list(Path.of(System.getProperty("pgmap.plugins")))) {
      List<Path> jars = plugins.toList();
      assertThat(jars).isNotEmpty();
      for (Path path : jars) {
        try (var jar = new JarFile(path.toFile())) {
          assertThat(jar.stream().map(entry -> entry.getName()))
              .filteredOn(name -> name.endsWith(".class"))
              .allSatisfy(name -> assertThat(name).startsWith("dev/pgmap/plugins/"));
        }
      }
    }
  }

  static List<HouseRule> rules() {
    return HouseRules.all();
  }

  /** The main source trees of all modules but bench, which is built after this one. */
  private static Stream<Path> sources() {
    try (Stream<Path> plugins = Files.list(ROOT.resolve("plugins"))) {
      return Stream.concat(
              Stream.of("api", "core", "host", "trace", "shell").map(ROOT::resolve),
              plugins.toList().stream())
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
