package dev.pgmap.api.dax;

/** A driver of the dax bus, {@code struct dax_device_driver}. */
public interface DaxDriver {
  /** The driver's name in sysfs, such as {@code device_dax}. */
  String name();

  /**
   * Whether it takes any device that has no driver ({@code match_always}). One that does not binds
   * only where somebody names it.
   */
  default boolean matchesAlways() {
    return true;
  }

  /**
   * Binds to a device.
   *
   * @throws dev.pgmap.api.MmException if it cannot; what was set up until then is undone
   */
  void probe(DaxDevice device);
}
