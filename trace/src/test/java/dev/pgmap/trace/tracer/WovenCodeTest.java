package dev.pgmap.trace.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.record.FunctionTracing;
import dev.pgmap.trace.testing.TracedMachine;
import dev.pgmap.trace.weave.Probe;
import dev.pgmap.trace.weave.ProbeScanner;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the JVM is given to run, byte by byte. */
class WovenCodeTest {
  private static final Instrumentation JVM = ByteBuddyAgent.getInstrumentation();

  @Test
  void codeThatNoLongerRecordsIsTheCodeThatNeverDid()
      throws ReflectiveOperationException, UnmodifiableClassException {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      List<Class<?>> traceable = traceableClasses();
      Map<String, byte[]> never = installedBy(() -> JVM.retransformClasses(array(traceable)));
      // Those who transform are asked in the order in which they came: the weaver's result is seen.
      m.tracer.traceFunctions(FunctionTracing.Kind.FUNCTION);

      Map<String, byte[]> on = installedBy(() -> m.tracer.enable(pageRefs(m), true));
      Map<String, byte[]> off =
          installedBy(() -> {
            m.tracer.enable(pageRefs(m), false);
            m.tracer.traceFunctions(null);
          });

      assertThat(on).isNotEmpty();
      assertThat(on.keySet()).allMatch(name -> !Arrays.equals(on.get(name), never.get(name)));
      assertThat(off.keySet()).containsAll(on.keySet());
      assertThat(off.keySet()).allMatch(name -> Arrays.equals(off.get(name), never.get(name)));
    }
  }

  private static List<Class<?>> traceableClasses() throws ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    for (Probe probe : ProbeScanner.scan(ProbeScanner.sourceOf(Machine.class))) {
      types.add(Class.forName(probe.className()));
    }
    return types.stream().distinct().toList();
  }

  private static Class<?>[] array(List<Class<?>> types) {
    return types.toArray(Class<?>[]::new);
  }

  private static List<String> pageRefs(TracedMachine m) {
    return m.tracer.events().stream()
        .filter(format -> format.system().equals("page_ref"))
        .map(EventFormat::fullName)
        .toList();
  }

  /** Something that exchanges classes. */
  private interface Exchange {
    void run() throws UnmodifiableClassException;
  }

  /** The classes of ours that the JVM exchanged meanwhile, as they then were. */
  private static Map<String, byte[]> installedBy(Exchange exchange)
      throws UnmodifiableClassException {
    Map<String, byte[]> seen = new HashMap<>();
    ClassFileTransformer observer =
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              @Nullable ClassLoader loader,
              String className,
              @Nullable Class<?> type,
              @Nullable ProtectionDomain domain,
              byte[] bytes) {
            if (type != null && className.startsWith("dev/pgmap/core/")) {
              seen.put(className, bytes.clone());
            }
            return null;
          }
        };
    JVM.addTransformer(observer, true);
    try {
      exchange.run();
    } finally {
      JVM.removeTransformer(observer);
    }
    return seen;
  }
}
