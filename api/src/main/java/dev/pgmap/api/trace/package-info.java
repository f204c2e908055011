/**
 * The only link between the engine and tracing: annotations that name kernel events and functions,
 * and the hook that woven code calls.
 *
 * <p>Threading: annotations have no state; {@link dev.pgmap.api.trace.TraceHook} is thread-safe.
 */
@NullMarked
package dev.pgmap.api.trace;

import org.jspecify.annotations.NullMarked;
