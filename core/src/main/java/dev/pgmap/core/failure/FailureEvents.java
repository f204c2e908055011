package dev.pgmap.core.failure;

import dev.pgmap.api.trace.Tracepoint;

/**
 * The trace event of a memory failure.
 *
 * <p>The method does nothing: a recorder weaves itself in. Stateless.
 */
final class FailureEvents {
  private FailureEvents() {}

  /**
   * The handling of a failure is over. Its system is {@code ras} in older kernels; recorders know
   * the event and its name in each of them.
   *
   * @param type the kind of page, a number of {@code enum mf_action_page_type} in this kernel
   * @param result a number of {@code enum mf_result}
   */
  @Tracepoint(system = "memory_failure", event = "memory_failure_event")
  static void memoryFailureEvent(long pfn, int type, int result) {}
}
