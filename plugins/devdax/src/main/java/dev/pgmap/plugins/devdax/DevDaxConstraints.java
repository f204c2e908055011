package dev.pgmap.plugins.devdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.pgmap.PhysRange;

/** What device-dax can drive and map: the checks of {@code check_vma} and of probe. */
final class DevDaxConstraints {
  static final int PAGE_SHIFT = 12;

  private DevDaxConstraints() {}

  /** log2 of the 4 KiB pages in an alignment. */
  static int orderOf(long alignBytes) {
    return Long.numberOfTrailingZeros(alignBytes) - PAGE_SHIFT;
  }

  /**
   * Refuses a device that could not be mapped with entries of its alignment.
   *
   * @throws MmException EINVAL
   */
  static void checkDevice(DaxDevice device) {
    long align = device.alignBytes();
    if (!device.mappingBytes().contains(align)) {
      throw new MmException(
          Errno.EINVAL,
          device.name(),
          "align " + align,
          "one of " + device.mappingBytes(),
          "reconfigure the device");
    }
    for (PhysRange range : device.dataRanges()) {
      if (range.start() % align != 0) {
        throw new MmException(
            Errno.EINVAL,
            device.name(),
            "range " + range + " does not begin at a multiple of align " + align,
            "a range that huge entries can map",
            "use a smaller align");
      }
    }
  }

  /**
   * {@code check_vma}.
   *
   * @throws MmException ENXIO for a dead device, EINVAL for a private or misaligned mapping
   */
  static void checkVma(DaxDevice device, VmArea vma) {
    if (!device.isAlive()) {
      throw new MmException(Errno.ENXIO, device.name(), "the device is dead", "a live one", "");
    }
    if (!vma.isShared()) {
      throw new MmException(
          Errno.EINVAL, device.name(), "a private mapping", "a shared one", "map it MAP_SHARED");
    }
    checkAligned(device, "start", vma.start());
    checkAligned(device, "end", vma.end());
  }

  /**
   * Refuses an address that is no multiple of the alignment.
   *
   * @throws MmException EINVAL
   */
  static void checkAligned(DaxDevice device, String what, long address) {
    if (address % device.alignBytes() != 0) {
      throw new MmException(
          Errno.EINVAL,
          device.name(),
          "%s 0x%x of a mapping is misaligned".formatted(what, address),
          "a multiple of the align 0x%x".formatted(device.alignBytes()),
          "");
    }
  }
}
