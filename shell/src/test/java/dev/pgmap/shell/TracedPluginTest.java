package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.host.TestPlugin;
import dev.pgmap.trace.weave.Agent;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracing reaches into a plugin, and does not keep it. */
class TracedPluginTest {
  private static final String T = "/sys/kernel/tracing/";
  private static final String PLUGIN_PACKAGE = "dev.pgmap.plugins.devdax.";
  private static final String CREATE = "ndctl create-namespace -r region0 -m devdax -M mem -a 4K";
  private static final String PIN_16 = "gup_test -a -S -n 16 -m 1 -f /dev/dax0.0";

  /** Of other tests, if they are not collected yet. */
  private final Set<ClassLoader> earlier = pluginLoaders();

  private final ShellFixture lab = new ShellFixture(Era.named("6.1"));

  @AfterEach
  void end() {
    lab.close();
  }

  private static Set<ClassLoader> pluginLoaders() {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    Set<ClassLoader> loaders = new HashSet<>();
    for (Class<?> type : Agent.instrumentation().getAllLoadedClasses()) {
      ClassLoader loader = type.getClassLoader();
      if (type.getName().startsWith(PLUGIN_PACKAGE) && loader != null) {
        loaders.add(loader);
      }
    }
    return loaders;
  }

  private WeakReference<ClassLoader> pluginLoader() {
    Set<ClassLoader> own = pluginLoaders();
    own.removeAll(earlier);
    assertThat(own).hasSize(1);
    return new WeakReference<>(own.iterator().next());
  }

  private void traceAll(String tracer) {
    lab.run("echo 1 > " + T + "options/stacktrace");
    lab.run("echo 1 > " + T + "events/page_ref/enable");
    lab.run("echo " + tracer + " > " + T + "current_tracer");
  }

  private void unload() {
    lab.run("ndctl destroy-namespace -f namespace0.0");
    lab.run("daxctl disable-device all");
    lab.run("rmmod device_dax");
  }

  private static void assertCollected(WeakReference<ClassLoader> loader)
      throws InterruptedException {
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(loader.get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"function", "function_graph"})
  void aTracedPluginIsCollectedAfterRmmodWhileTracingIsStillOn(String tracer) throws Exception {
    traceAll(tracer);
    lab.run(CREATE);
    lab.run(PIN_16);
    assertThat(lab.run("cat " + T + "trace"))
        .contains("dev_dax_probe", "dev_dax_huge_fault", "page_ref_mod_unless");
    WeakReference<ClassLoader> loader = pluginLoader();
    assertThat(loader.get()).isNotNull();

    unload();

    assertThat(lab.run("cat " + T + "current_tracer")).isEqualTo(tracer + "\n");
    assertCollected(loader);
    assertThat(lab.run("cat " + T + "trace")).contains("dev_dax_huge_fault");
  }

  @Test
  void aPluginThatWasTracedIsCollectedAfterTracingWasSwitchedOff() throws Exception {
    traceAll("function");
    lab.run(CREATE);
    lab.run(PIN_16);
    WeakReference<ClassLoader> loader = pluginLoader();
    lab.run("trace-cmd reset");

    unload();

    assertCollected(loader);
  }

  @Test
  void aPluginLoadedWhileTracingIsOnIsTracedToo() throws Exception {
    lab.run("echo function > " + T + "current_tracer");
    lab.run(CREATE);
    WeakReference<ClassLoader> first = pluginLoader();
    unload();
    assertCollected(first);
    lab.run("echo > " + T + "trace");

    lab.run("insmod device_dax");
    lab.run(CREATE);
    lab.run(PIN_16);

    assertThat(lab.run("cat " + T + "trace"))
        .containsPattern("dev_dax_probe <-[a-z_]+\n")
        .containsPattern("dev_dax_huge_fault <-[a-z_]+\n");
  }

  /** A module that fires events of its own while it is loaded. */
  private static TestPlugin withEvents(String tracepoint, String call) {
    return TestPlugin.extension("private final int fired = Events.fire();")
        .source(
            "test.Events",
            """
            package test;
            import dev.pgmap.api.trace.Tracepoint;
            final class Events {
              static int fire() { %s return 0; }
              %s
            }
            """
                .formatted(call, tracepoint));
  }

  private static final String OWN_EVENT =
      """
      @Tracepoint(system = "acme", event = "queue", fields = {"unsigned long address", "int depth",
          "unsigned long c", "unsigned long d", "unsigned long e", "unsigned long f",
          "unsigned long g"},
          print = "\\"address=0x%lx depth=%d g=%lu\\", REC->address, REC->depth, REC->g")
      static void queue(long address, int depth, long c, long d, long e, long f, long g) {}
      """;

  private void loadTwice(Path jar) {
    lab.run("insmod " + jar);
    lab.run("rmmod test_module");
    lab.run("echo 1 > " + T + "events/enable");
    lab.run("insmod " + jar);
  }

  @Test
  void anEventOfAPluginsOwnIsRecordedFilteredAndLetsItGo(@TempDir Path dir) throws Exception {
    Path jar =
        withEvents(OWN_EVENT, "queue(0x1000, -1, 3, 4, 5, 6, 7); queue(0x2000, 8, 3, 4, 5, 6, 9);")
            .build(dir.resolve("acme.jar"));
    assertThat(lab.run("cat " + T + "available_events")).doesNotContain("acme:queue");

    loadTwice(jar);

    assertThat(lab.run("cat " + T + "available_events")).contains("acme:queue\n");
    assertThat(lab.run("cat " + T + "trace"))
        .contains("queue: address=0x1000 depth=-1 g=7", "queue: address=0x2000 depth=8 g=9");
    WeakReference<ClassLoader> loader = moduleLoader();
    lab.run("rmmod test_module");
    assertCollected(loader);

    lab.run("echo > " + T + "trace");
    lab.run("echo 'depth > 0' > " + T + "events/acme/queue/filter");
    lab.run("insmod " + jar);
    assertThat(lab.run("cat " + T + "trace")).contains("depth=8").doesNotContain("depth=-1");
  }

  private static WeakReference<ClassLoader> moduleLoader() {
    for (Class<?> type : Agent.instrumentation().getAllLoadedClasses()) {
      if (type.getName().equals("test.Plugin")) {
        return new WeakReference<>(type.getClassLoader());
      }
    }
    throw new AssertionError("test.Plugin is not loaded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@Tracepoint(system = \"acme\", event = \"bad\", fields = \"int a\")"
            + " static void fire(int a, int b) {}",
        "@Tracepoint(system = \"acme\", event = \"bad\", fields = {\"int a\", \"int b\"})"
            + " static void fire(int a, String b) {}",
        "@Tracepoint(system = \"page_ref\", event = \"page_ref_set\")"
            + " static void fire(int a, int b) {}"
      })
  void anEventThatDoesNotFitItsMethodIsReportedAndNotTraced(String tracepoint, @TempDir Path dir)
      throws Exception {
    String call = tracepoint.contains("String") ? "fire(1, \"\");" : "fire(1, 2);";
    Path jar = withEvents(tracepoint, call).build(dir.resolve("acme.jar"));

    loadTwice(jar);

    assertThat(lab.run("dmesg")).contains("does not fit its", "not traced");
    assertThat(lab.run("cat " + T + "trace")).doesNotContain("bad:", "page_ref_set:");
  }
}
