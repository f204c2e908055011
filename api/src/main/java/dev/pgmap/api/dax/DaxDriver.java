package dev.pgmap.api.dax;

/** A driver of the dax bus, {@code struct dax_device_driver}. */
public interface DaxDriver {
  /** The driver's name in sysfs, such as {@code device_dax}. */
  String name();

  /**
   * Binds to a device.
   *
   * @throws dev.pgmap.api.MmException if it cannot; what was set up until then is undone
   */
  void probe(DaxDevice device);
}
