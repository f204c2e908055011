package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** Where the struct pages of a namespace live, with the number of {@code enum nd_pfn_mode}. */
public enum MapLocation {
  /** In System RAM ({@code PFN_MODE_RAM}). */
  MEM("mem", 1),
  /** In the namespace itself, by an altmap ({@code PFN_MODE_PMEM}). */
  DEV("dev", 2);

  private final String text;
  private final int pfnMode;

  MapLocation(String text, int pfnMode) {
    this.text = text;
    this.pfnMode = pfnMode;
  }

  /** The name that ndctl prints. */
  public String text() {
    return text;
  }

  /** The number in an info block. */
  int pfnMode() {
    return pfnMode;
  }

  /**
   * Reads the value of {@code --map}.
   *
   * @throws MmException EINVAL for anything but {@code mem} and {@code dev}
   */
  public static MapLocation parse(String value) {
    for (MapLocation map : values()) {
      if (map.text.equals(value)) {
        return map;
      }
    }
    throw new MmException(Errno.EINVAL, "--map", "'" + value + "'", "mem or dev", "");
  }
}
