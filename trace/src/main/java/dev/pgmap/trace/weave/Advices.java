package dev.pgmap.trace.weave;

import dev.pgmap.api.trace.FunctionHook;
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

  /** An event of one number. */
  static final class Event1 {
    @Advice.OnMethodExit
    static void exit(@Number int number, @Advice.Argument(0) long a) {
      Emit.event(number, a);
    }
  }

  /** An event of two numbers. */
  static final class Event2 {
    @Advice.OnMethodExit
    static void exit(@Number int number, @Advice.Argument(0) long a, @Advice.Argument(1) long b) {
      Emit.event(number, a, b);
    }
  }

  /** An event of three numbers. */
  static final class Event3 {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long a,
        @Advice.Argument(1) long b,
        @Advice.Argument(2) long c) {
      Emit.event(number, a, b, c);
    }
  }

  /** An event of four numbers. */
  static final class Event4 {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long a,
        @Advice.Argument(1) long b,
        @Advice.Argument(2) long c,
        @Advice.Argument(3) long d) {
      Emit.event(number, a, b, c, d);
    }
  }

  /** An event of five numbers. */
  static final class Event5 {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long a,
        @Advice.Argument(1) long b,
        @Advice.Argument(2) long c,
        @Advice.Argument(3) long d,
        @Advice.Argument(4) long e) {
      Emit.event(number, a, b, c, d, e);
    }
  }

  /** An event of six numbers. */
  static final class Event6 {
    @Advice.OnMethodExit
    static void exit(
        @Number int number,
        @Advice.Argument(0) long a,
        @Advice.Argument(1) long b,
        @Advice.Argument(2) long c,
        @Advice.Argument(3) long d,
        @Advice.Argument(4) long e,
        @Advice.Argument(5) long f) {
      Emit.event(number, a, b, c, d, e, f);
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
      return FunctionHook.enter(number);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Number int number, @Advice.Enter @Nullable Object state) {
      FunctionHook.exit(number, state);
    }
  }
}
