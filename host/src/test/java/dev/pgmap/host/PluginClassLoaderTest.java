package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.core.machine.Machine;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginClassLoaderTest {
  @TempDir Path dir;
  private PluginClassLoader loader;

  @BeforeEach
  void load() throws Exception {
    Path jar =
        TestPlugin.good()
            .source("picocli.CommandLine", "package picocli; public class CommandLine {}")
            .entry("some/resource.txt", "hello")
            .build(dir.resolve("x.jar"));
    loader = new PluginClassLoader(JarReader.read(jar));
  }

  @Test
  void theApiIsTheHosts() throws Exception {
    assertThat(loader.loadClass(DeviceMemoryPlugin.class.getName()))
        .isSameAs(DeviceMemoryPlugin.class);
    assertThat(loader.loadClass("test.Plugin").getInterfaces()[0])
        .isSameAs(DeviceMemoryPlugin.class);
  }

  @Test
  void theEngineAndTheLibrariesOfTheApplicationAreNotThere() {
    for (String hidden :
        new String[] {
          Machine.class.getName(), PluginHost.class.getName(), "org.assertj.core.api.Assertions"
        }) {
      assertThatExceptionOfType(ClassNotFoundException.class)
          .isThrownBy(() -> loader.loadClass(hidden));
    }
  }

  @Test
  void anotherCopyOfALibraryIsThePluginsOwn() throws Exception {
    assertThat(loader.loadClass("picocli.CommandLine").getClassLoader()).isSameAs(loader);
    assertThat(loader.loadClass("picocli.CommandLine"))
        .isSameAs(loader.loadClass("picocli.CommandLine"));
    assertThat(loader.loadClass("java.sql.Connection")).isNotNull();
  }

  @Test
  void resourcesAreThePluginsOnly() throws Exception {
    URL url = loader.getResource("some/resource.txt");
    try (InputStream in = url.openStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }
    assertThat(loader.getResources("some/resource.txt").hasMoreElements()).isTrue();
    assertThat(loader.getResource("META-INF/nothing")).isNull();
    assertThat(loader.getResourceAsStream("dev/pgmap/api/Errno.class")).isNull();
  }
}
