package dev.pgmap.core.migrate;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.SwapPolicies;
import dev.pgmap.core.pgmap.DevPagemap;

/**
 * The folio whose fault is being handled: what the fault handler holds of it already.
 *
 * @param headPfn its head, or -1
 * @param extraRefs references that the handler holds
 * @param locked whether the handler holds its lock, and keeps it
 */
record FaultPage(long headPfn, int extraRefs, boolean locked) {
  static final FaultPage NONE = new FaultPage(-1, 0, false);

  /**
   * The page of a fault under this kernel.
   *
   * @throws MmException EINVAL if it is not device-private, or should be locked and is not
   */
  static FaultPage of(MmContext context, long pfn) {
    if (pfn == MigrateRequest.NO_FAULT_PAGE) {
      return NONE;
    }
    long head = context.pages().headPfn(pfn);
    DevPagemap pgmap = DeviceFolio.pagemap(context, head);
    SwapPolicies.ToRam rule = context.swap().toRam();
    boolean isPrivate = pgmap != null && pgmap.spec().type() == MemoryType.PRIVATE;
    if (!isPrivate || rule.locks() && !context.locks().isLocked(head)) {
      throw new MmException(
          Errno.EINVAL,
          "fault page 0x%x".formatted(pfn),
          isPrivate ? "not locked" : "not device-private",
          "the page that the fault came for",
          "");
    }
    return new FaultPage(head, rule.takesReference() ? 1 : 0, rule.locks());
  }

  /** Whether a folio's lock belongs to the fault handler. */
  boolean keepsLock(long head) {
    return locked && head == headPfn;
  }

  /** How many references of a folio the fault handler holds. */
  int refsOf(long head) {
    return head == headPfn ? extraRefs : 0;
  }
}
