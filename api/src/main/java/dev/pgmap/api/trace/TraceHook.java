package dev.pgmap.api.trace;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where woven code of a plugin reports its trace events, and that a traced function was entered or
 * left.
 *
 * <p>Woven code may only name classes that the instrumented class can see, and a plugin sees the
 * api alone: that is why this stands here. The listener is the one piece of state that the whole
 * JVM shares, as instrumentation itself is; nothing calls this class unless code was woven.
 * Thread-safe; allocates nothing.
 */
public final class TraceHook {
  /** The most fields that an event can have. */
  public static final int MAX_FIELDS = 12;

  /** What a recorder does. Its methods must not throw. */
  public interface Listener {
    /**
     * An event happens.
     *
     * @param event the number that the recorder gave it
     * @param nrFields how many of the values count, from {@code a} on
     */
    void event(
        int event,
        int nrFields,
        long a,
        long b,
        long c,
        long d,
        long e,
        long f,
        long g,
        long h,
        long i,
        long j,
        long k,
        long l);

    /**
     * A function begins.
     *
     * @param function the number that the recorder gave it
     * @return what {@link #exited} gets; null for nothing
     */
    @Nullable Object entered(int function);

    /** The function ends, by return or by throwing. */
    void exited(int function, @Nullable Object state);
  }

  private static final AtomicReference<@Nullable Listener> LISTENER = new AtomicReference<>();

  private TraceHook() {}

  /** Sets who listens from now on; null for nobody. */
  public static void listen(@Nullable Listener next) {
    LISTENER.set(next);
  }

  /** Called by woven code at the end of a method that is a {@link Tracepoint}. */
  public static void event(
      int event,
      int nrFields,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k,
      long l) {
    Listener now = LISTENER.get();
    if (now != null) {
      now.event(event, nrFields, a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }

  /** Called by woven code at the start of a function. */
  public static @Nullable Object enter(int function) {
    Listener now = LISTENER.get();
    return now == null ? null : now.entered(function);
  }

  /** Called by woven code at the end of a function, with what {@link #enter} returned. */
  public static void exit(int function, @Nullable Object state) {
    Listener now = LISTENER.get();
    if (now != null) {
      now.exited(function, state);
    }
  }
}
