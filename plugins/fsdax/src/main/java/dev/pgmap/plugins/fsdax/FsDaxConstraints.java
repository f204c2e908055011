package dev.pgmap.plugins.fsdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.pgmap.PhysRange;

/** What the pmem driver can drive. */
final class FsDaxConstraints {
  static final int PAGE_SHIFT = 12;

  private static final long PAGE_BYTES = 1L << PAGE_SHIFT;

  private FsDaxConstraints() {}

  /**
   * Refuses a namespace whose data is not made of whole pages.
   *
   * @throws MmException EINVAL
   */
  static void checkDevice(PmemDevice device) {
    PhysRange data = device.dataRange();
    if (data.start() % PAGE_BYTES != 0 || data.bytes() % PAGE_BYTES != 0) {
      throw new MmException(
          Errno.EINVAL, device.name(), "data at " + data, "whole pages of 4096 bytes", "");
    }
  }
}
