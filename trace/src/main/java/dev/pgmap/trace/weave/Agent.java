package dev.pgmap.trace.weave;

import dev.pgmap.trace.event.TraceException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The Java agent: keeps the JVM's instrumentation for whoever traces.
 *
 * <p>The launcher starts it with {@code -javaagent}; it can also be attached to a running JVM. It
 * changes nothing by itself. Thread-safe.
 */
public final class Agent {
  private static final AtomicReference<@Nullable Instrumentation> INSTRUMENTATION =
      new AtomicReference<>();

  private Agent() {}

  /** Called by the JVM before {@code main}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    INSTRUMENTATION.set(instrumentation);
  }

  /** Called by the JVM when the agent is attached. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    INSTRUMENTATION.set(instrumentation);
  }

  /**
   * The instrumentation of this JVM.
   *
   * @throws TraceException if the agent was not loaded
   */
  public static Instrumentation instrumentation() {
    Instrumentation found = INSTRUMENTATION.get();
    if (found == null) {
      throw new TraceException(
          "tracing",
          "a JVM without the tracing agent",
          "one that was started with it",
          "start with ./pgmap, or add -javaagent:pgmap-trace.jar to the JVM's options");
    }
    return found;
  }
}
