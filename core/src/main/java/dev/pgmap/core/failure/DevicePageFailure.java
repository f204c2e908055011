package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import org.jspecify.annotations.Nullable;

/** {@code memory_failure_dev_pagemap}: the failure of a page that a pgmap covers. */
final class DevicePageFailure {
  private final Pagemaps pagemaps;
  private final PagePut put;
  private final DaxKill daxKill;
  private final FailureLog log;
  private final boolean asksDriver;
  private final boolean knowsDeviceOwned;

  DevicePageFailure(
      Pagemaps pagemaps, PagePut put, DaxKill daxKill, FailureLog log, FailurePolicies policies) {
    this.pagemaps = pagemaps;
    this.put = put;
    this.daxKill = daxKill;
    this.log = log;
    this.asksDriver = policies.has(Rule.ASKS_DRIVER);
    this.knowsDeviceOwned = policies.has(Rule.KNOWS_DEVICE_OWNED);
  }

  /**
   * Handles the failure, and drops the reference that the caller got on the pgmap.
   *
   * @throws MmException ENXIO for a page of the pgmap's own metadata, EBUSY for one that was never
   *     mapped, or what the driver returns
   */
  void handle(DevPagemap pgmap, long pfn, int flags, @Nullable Task current) {
    boolean recovered = false;
    try {
      recover(pgmap, pfn, flags, current);
      recovered = true;
    } finally {
      pagemaps.putDevPagemap(pgmap);
      log.ended(pfn, ActionPage.DAX, recovered ? ActionResult.RECOVERED : ActionResult.FAILED);
    }
  }

  private void recover(DevPagemap pgmap, long pfn, int flags, @Nullable Task current) {
    if ((flags & MfFlag.COUNT_INCREASED) != 0) {
      put.put(pfn, 1);
    }
    // Nothing of a struct page may be read before this: metadata has none that means anything.
    if (!pgmap.isPfnValid(pfn)) {
      throw new MmException(
          Errno.ENXIO,
          "memory failure of pfn 0x%x".formatted(pfn),
          "metadata of " + pgmap,
          "a page that holds data",
          "");
    }
    if (asksDriver && isHandledByDriver(pgmap, pfn, flags)) {
      return;
    }
    requireReachable(pgmap, pfn);
    daxKill.run(pfn, current);
  }

  /** What a device owns, only its driver could handle. */
  private void requireReachable(DevPagemap pgmap, long pfn) {
    MemoryType type = pgmap.spec().type();
    if (knowsDeviceOwned && (type == MemoryType.PRIVATE || type == MemoryType.COHERENT)) {
      throw new MmException(
          Errno.ENXIO,
          "memory failure of pfn 0x%x".formatted(pfn),
          type.kernelName() + " of " + pgmap,
          "memory that the kernel can take away without the device",
          "");
    }
  }

  /** Whether the driver handled it; a driver that does not want to leaves it to the engine. */
  private static boolean isHandledByDriver(DevPagemap pgmap, long pfn, int flags) {
    int result = pgmap.memoryFailure(pfn, 1, flags);
    if (result == -Errno.EOPNOTSUPP.number()) {
      return false;
    }
    if (result != 0) {
      throw new MmException(
          Errno.ofNumber(-result).orElse(Errno.EIO),
          "memory failure of pfn 0x%x: the driver of %s returned %d".formatted(pfn, pgmap, result));
    }
    return true;
  }
}
