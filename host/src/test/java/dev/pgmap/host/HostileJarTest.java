package dev.pgmap.host;

import static dev.pgmap.host.HostLab.assertCollected;
import static dev.pgmap.host.HostLab.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Era;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Jars that are no plugins, or bad ones: one clear error each, and nothing is left loaded. */
class HostileJarTest {
  @TempDir Path dir;
  private HostLab lab;

  @BeforeEach
  void boot() {
    lab = new HostLab(Era.V7_2, dir);
  }

  @AfterEach
  void nothingIsLeft() {
    lab.assertNothingLoaded();
    lab.close();
  }

  private MmException refused(Errno errno, Path jar) {
    return failure(errno, () -> lab.host.insmod(jar));
  }

  private MmException refused(Errno errno, TestPlugin plugin) throws IOException {
    return refused(errno, plugin.build(dir.resolve("hostile.jar")));
  }

  @Test
  void aFileThatIsNotThere() {
    assertThat(refused(Errno.ENOENT, dir.resolve("gone.jar"))).hasMessageContaining("gone.jar");
    refused(Errno.EINVAL, dir);
  }

  @Test
  void aFileThatIsNoZip() throws IOException {
    refused(Errno.ENOEXEC, Files.writeString(dir.resolve("text.jar"), "hello"));
    refused(Errno.ENOEXEC, Files.createFile(dir.resolve("empty.jar")));
  }

  @Test
  void aJarThatWasCutOffAnywhere() throws IOException {
    byte[] whole = Files.readAllBytes(TestPlugin.devdax());
    for (int percent = 5; percent < 100; percent += 10) {
      byte[] part = Arrays.copyOf(whole, whole.length * percent / 100);
      refused(Errno.ENOEXEC, Files.write(dir.resolve("cut.jar"), part));
    }
  }

  @Test
  void aJarWithAFlippedByteInAClass() throws IOException {
    byte[] bytes = Files.readAllBytes(TestPlugin.devdax());
    int at = indexOf(bytes, "DevDaxFile.class".getBytes(StandardCharsets.UTF_8)) + 40;
    bytes[at] ^= 0x55;

    refused(Errno.ENOEXEC, Files.write(dir.resolve("flipped.jar"), bytes));
  }

  @Test
  void aJarWhoseContentDoesNotMatchItsChecksum() throws IOException {
    byte[] content = "stored, not compressed".getBytes(StandardCharsets.UTF_8);
    Path jar = TestPlugin.good().stored("note.txt", content).build(dir.resolve("stored.jar"));
    byte[] bytes = Files.readAllBytes(jar);
    bytes[indexOf(bytes, "stored, not".getBytes(StandardCharsets.UTF_8))] ^= 1;

    assertThat(refused(Errno.ENOEXEC, Files.write(jar, bytes)))
        .hasMessageContaining("note.txt is damaged");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i + wanted.length;
      }
    }
    throw new IllegalStateException("not found");
  }

  static Stream<Arguments> jars() throws IOException {
    byte[] future = TestPlugin.classFile(HostileJarTest.class);
    future[7] = 99;
    byte[] preview = TestPlugin.classFile(HostileJarTest.class);
    preview[4] = (byte) 0xff;
    preview[5] = (byte) 0xff;
    byte[] api = TestPlugin.classFile(dev.pgmap.api.Errno.class);
    return Stream.of(
        Arguments.of("MANIFEST", TestPlugin.good().withoutAnyManifest()),
        Arguments.of("Plugin-Id is missing", TestPlugin.good().withoutManifest("Plugin-Id")),
        Arguments.of("Plugin-Id is", TestPlugin.good().manifest("Plugin-Id", "../../x")),
        Arguments.of("Plugin-Version", TestPlugin.good().withoutManifest("Plugin-Version")),
        Arguments.of("Plugin-Version", TestPlugin.good().manifest("Plugin-Version", "new")),
        Arguments.of("Dependencies", TestPlugin.good().manifest("Plugin-Dependencies", "other")),
        Arguments.of("Plugin-Class", TestPlugin.good().manifest("Plugin-Class", "test.Plugin")),
        Arguments.of("constraints", TestPlugin.good().withoutConstraints()),
        Arguments.of("this api", TestPlugin.good().constraint("api", ">=9.0.0")),
        Arguments.of("this api", TestPlugin.good().manifest("Plugin-Requires", "<1.0.0")),
        Arguments.of("version range", TestPlugin.good().manifest("Plugin-Requires", "?!")),
        Arguments.of("bundles", TestPlugin.good().entry("dev/pgmap/api/Errno.class", api)),
        Arguments.of(
            "bundles",
            TestPlugin.good().entry("META-INF/versions/25/dev/pgmap/api/Errno.class", api)),
        Arguments.of("bundles", TestPlugin.good().entry("org/slf4j/Logger.class", api)),
        Arguments.of("class-file version 99.0", TestPlugin.good().entry("x/Y.class", future)),
        Arguments.of("without preview", TestPlugin.good().entry("x/Y.class", preview)),
        Arguments.of("no class file", TestPlugin.good().entry("x/Y.class", "hello")),
        Arguments.of("no extension", TestPlugin.good().entry(JarChecks.EXTENSIONS, "# none\n")),
        Arguments.of(
            "extensions [test.Plugin, test.Other]",
            TestPlugin.good().entry(JarChecks.EXTENSIONS, "test.Plugin\ntest.Other\n")),
        Arguments.of(
            "no usable DeviceMemoryPlugin",
            TestPlugin.good()
                .source("test.Other", "package test; public class Other {}")
                .entry(JarChecks.EXTENSIONS, "test.Other\n")),
        Arguments.of("unpacked", TestPlugin.good().entry("bomb", new byte[(64 << 20) + 1])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jars")
  void aJarThatIsNoModule(String complaint, TestPlugin plugin) throws IOException {
    assertThat(refused(Errno.ENOEXEC, plugin)).hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "module | Device-DAX",
        "module | ''",
        "api | sometimes",
        "types | GENERIC,GOLD",
        "types | generic",
        "shifts | 0,9,x",
        "shifts | 99",
        "shifts | -1",
        "shifts | 0,,9",
        "eras | all",
        "eras | 6",
        "mode | dev dax",
        "colour | blue",
      })
  void constraintsThatMakeNoSense(String key, String value) throws IOException {
    assertThat(refused(Errno.EINVAL, TestPlugin.good().constraint(key, value)))
        .hasMessageContaining("constraints.properties: " + key);
  }

  @ParameterizedTest
  @CsvSource({"module", "description", "api", "types", "shifts", "eras", "mode"})
  void aConstraintThatIsMissing(String key) throws IOException {
    assertThat(refused(Errno.EINVAL, TestPlugin.good().withoutConstraint(key)))
        .hasMessageContaining(key + ": missing");
  }

  @Test
  void constraintsThatCannotBeRead() throws IOException {
    refused(Errno.EINVAL, TestPlugin.good().entry(ConstraintsFile.PATH, "module=\\u00zz\n"));
    refused(Errno.EINVAL, TestPlugin.good().entry(ConstraintsFile.PATH, new byte[] {0, 1, 2}));
  }

  @Test
  void anExtensionClassThatIsNotInTheJar() throws IOException {
    TestPlugin plugin = TestPlugin.good().entry(JarChecks.EXTENSIONS, "test.Missing\n");

    assertThat(refused(Errno.ENOENT, plugin)).hasMessageContaining("test.Missing");
  }

  @Test
  void anExtensionWhoseConstructorThrows() throws IOException {
    assertThat(
            refused(
                Errno.EIO,
                TestPlugin.extension(
                    "public Plugin() { throw new IllegalStateException(\"no luck\"); }")))
        .hasMessageContaining("IllegalStateException: no luck");
    refused(Errno.EIO, TestPlugin.extension("public Plugin() { throw new StackOverflowError(); }"));
    refused(Errno.ENOEXEC, TestPlugin.extension("Plugin(int cpus) {}"));
    refused(
        Errno.EIO, TestPlugin.extension("static { if (true) throw new Error(\"in the class\"); }"));
    assertThat(lab.machine.log().entries())
        .anyMatch(entry -> entry.text().contains("test_module: init threw"));
  }

  @Test
  void anExtensionWhoseMethodsThrow() throws IOException {
    refused(
        Errno.EIO,
        TestPlugin.extension(
            "public Optional<DaxDriver> daxDriver() { throw new RuntimeException(\"x\"); }"));
    refused(
        Errno.EIO, TestPlugin.extension("public Optional<DaxDriver> daxDriver() { return null; }"));
  }

  @Test
  void aPluginThatCallsItselfDifferentlyFromItsConstraints() throws IOException {
    assertThat(refused(Errno.EINVAL, TestPlugin.good().constraint("module", "another")))
        .hasMessageContaining("'test_module'");
  }

  @Test
  void aPluginThatReachesForTheEngine() throws IOException {
    assertThat(
            refused(
                Errno.EIO,
                TestPlugin.extension("Object o = dev.pgmap.core.machine.MachineSpec.standard();")))
        .hasMessageContaining("dev/pgmap/core/machine/MachineSpec");
  }

  @Test
  void whatWasRefusedIsCollected() throws Exception {
    Path jar = TestPlugin.driver("throw new IllegalStateException();").build(dir.resolve("x.jar"));
    lab.host.insmod(jar);
    var loader = lab.loaderOf("test");
    failure(Errno.EIO, lab::createNamespace);

    lab.host.rmmod("test_module");

    assertCollected(loader);
  }
}
