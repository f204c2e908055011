package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.trace.weave.Agent;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracing reaches into a plugin, and does not keep it. */
class TracedPluginTest {
  private static final String T = "/sys/kernel/tracing/";
  private static final String PLUGIN_PACKAGE = "dev.pgmap.plugins.";
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
}
