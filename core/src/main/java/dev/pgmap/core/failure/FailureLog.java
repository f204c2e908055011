package dev.pgmap.core.failure;

import dev.pgmap.core.log.KernelLog;

/** Says what comes of a failure, in the kernel log and as a trace event. */
final class FailureLog {
  private final KernelLog log;
  private final FailurePolicies policies;

  FailureLog(KernelLog log, FailurePolicies policies) {
    this.log = log;
    this.policies = policies;
  }

  /** Logs a line on a page, with the kernel's prefix. */
  void say(long pfn, String format, Object... args) {
    log.info("Memory failure: 0x%x: %s", pfn, format.formatted(args));
  }

  /** {@code action_result}: the handling is over. */
  void ended(long pfn, ActionPage page, ActionResult result) {
    FailureEvents.memoryFailureEvent(pfn, page.number(policies), result.ordinal());
    say(pfn, "recovery action for %s: %s", page, result);
  }
}
