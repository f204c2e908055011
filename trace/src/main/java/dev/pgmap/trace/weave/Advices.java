package dev.pgmap.trace.weave;

import dev.pgmap.api.trace.TraceHook;
import dev.pgmap.trace.record.Emit;
import dev.pgmap.trace.record.Lane;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * The code that is copied into traced methods: at most one call each.
 *
 * <p>A copied body may only name classes that the target can see: for the engine {@link Emit}, for
 * a plugin what is in the api.
 */
final class Advices {
  private Advices() {}

  /** The number of the event or function, put in as a constant. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Number {}

  /** An argument of the traced method, widened to a long; 0 where it has fewer. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Field {
    int value();
  }

  /** How many arguments the traced method has. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface NrFields {}

  /** A page_ref event without a result: {@code (pfn, rec, val…)}. */
  static final class PageRef {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long pfn,
        @Advice.Argument(1) long rec,
        @Advice.Argument(2) int val) {
      Emit.pageRef(number, pfn, rec, val);
    }
  }

  /** One that says yes or no. */
  static final class PageRefTest {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long pfn,
        @Advice.Argument(1) long rec,
        @Advice.Argument(2) int val,
        @Advice.Return boolean ret) {
      Emit.pageRef(number, pfn, rec, val, ret ? 1 : 0);
    }
  }

  /** One that returns the new count. */
  static final class PageRefReturn {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long pfn,
        @Advice.Argument(1) long rec,
        @Advice.Argument(2) int val,
        @Advice.Return int ret) {
      Emit.pageRef(number, pfn, rec, val, ret);
    }
  }

  /** The drop of one reference that names no amount. */
  static final class PageRefDrop {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long pfn,
        @Advice.Argument(1) long rec,
        @Advice.Return boolean ret) {
      Emit.pageRef(number, pfn, rec, -1, ret ? 1 : 0);
    }
  }

  /** The same with the new count. */
  static final class PageRefDropReturn {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long pfn,
        @Advice.Argument(1) long rec,
        @Advice.Return int ret) {
      Emit.pageRef(number, pfn, rec, -1, ret);
    }
  }

  /** An event of the application: its arguments are its fields. */
  static final class Event {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @NrFields int nrFields,
        @Field(0) long a,
        @Field(1) long b,
        @Field(2) long c,
        @Field(3) long d,
        @Field(4) long e,
        @Field(5) long f,
        @Field(6) long g,
        @Field(7) long h,
        @Field(8) long i,
        @Field(9) long j,
        @Field(10) long k,
        @Field(11) long l) {
      Emit.event(number, nrFields, a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }

  /** An event of a plugin, which sees the api alone. */
  static final class PluginEvent {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @NrFields int nrFields,
        @Field(0) long a,
        @Field(1) long b,
        @Field(2) long c,
        @Field(3) long d,
        @Field(4) long e,
        @Field(5) long f,
        @Field(6) long g,
        @Field(7) long h,
        @Field(8) long i,
        @Field(9) long j,
        @Field(10) long k,
        @Field(11) long l) {
      TraceHook.event(number, nrFields, a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }

  /** A function of the application. */
  static final class Function {
    @Advice.OnMethodEnter
    static @Nullable Lane enter(@Number int number) {
      return Emit.entered(number);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Number int number, @Advice.Enter @Nullable Lane lane) {
      Emit.exited(number, lane);
    }
  }

  /** A function of a plugin, which sees the api alone. */
  static final class PluginFunction {
    @Advice.OnMethodEnter
    static @Nullable Object enter(@Number int number) {
      return TraceHook.enter(number);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Number int number, @Advice.Enter @Nullable Object state) {
      TraceHook.exit(number, state);
    }
  }
}
