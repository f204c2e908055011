package dev.pgmap.api.pgmap;

/**
 * {@code enum memory_type}: what kind of device memory a pgmap describes.
 *
 * <p>The numbers of the kernel changed over time (0 has always meant "not initialised"), so the
 * number is not stored here.
 */
public enum MemoryType {
  PRIVATE("MEMORY_DEVICE_PRIVATE"),
  COHERENT("MEMORY_DEVICE_COHERENT"),
  FS_DAX("MEMORY_DEVICE_FS_DAX"),
  GENERIC("MEMORY_DEVICE_GENERIC"),
  PCI_P2PDMA("MEMORY_DEVICE_PCI_P2PDMA");

  private final String kernelName;

  MemoryType(String kernelName) {
    this.kernelName = kernelName;
  }

  /** The enumerator's name in {@code include/linux/memremap.h}. */
  public String kernelName() {
    return kernelName;
  }
}
