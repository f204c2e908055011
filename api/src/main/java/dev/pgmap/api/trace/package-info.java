/**
 * The only link between the engine and tracing: annotations that name kernel events.
 *
 * <p>Threading: annotations only, no state.
 */
@NullMarked
package dev.pgmap.api.trace;

import org.jspecify.annotations.NullMarked;
