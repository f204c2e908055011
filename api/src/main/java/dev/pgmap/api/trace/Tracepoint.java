package dev.pgmap.api.trace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a small engine method as the place where the kernel emits a trace event.
 *
 * <p>The method itself holds no tracing code. A recorder finds it by this annotation and weaves the
 * recording in, and out again.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tracepoint {
  /** The kernel's trace system, such as {@code page_ref}, or {@code pgmap} for our own events. */
  String system();

  /** The kernel's event name, such as {@code page_ref_mod}. */
  String event();

  /**
   * The fields, as C declarations, one for each parameter of the method in order: numbers, at most
   * {@link TraceHook#MAX_FIELDS} of them. Empty where the recorder knows the event, as it does
   * page_ref.
   */
  String[] fields() default {};

  /** The {@code print fmt} of the event, in the kernel's notation. */
  String print() default "";
}
