package dev.pgmap.api.trace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the kernel function that a method stands for.
 *
 * <p>The function tracer lists and traces these methods under that name, and the stack of a traced
 * event consists of them. The method itself holds no tracing code.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface KernelFunction {
  /** The kernel's name, such as {@code pin_user_pages_fast}. */
  String value();
}
