package dev.pgmap.api.devmem;

/** What kernels came to offer to drivers of devices that own memory, one after the other. */
public enum DevmemFeature {
  /** A device may use a page alone (5.12 on). */
  EXCLUSIVE,
  /** Memory that CPUs reach too, {@code MEMORY_DEVICE_COHERENT} (6.0 on). */
  COHERENT,
  /** Pages migrate by their numbers, wherever they are mapped (6.1 on). */
  MIGRATE_RANGE,
  /** Pages to be used alone are taken one by one (6.15 on); before, many at once. */
  EXCLUSIVE_BY_PAGE,
  /** Folios of a huge page's size (6.19 on). */
  LARGE_FOLIOS
}
