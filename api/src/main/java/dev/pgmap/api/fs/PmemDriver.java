package dev.pgmap.api.fs;

/** A driver of namespaces in fsdax mode, as {@code nd_pmem} is. */
public interface PmemDriver {
  /** The driver's name in sysfs, such as {@code nd_pmem}. */
  String name();

  /**
   * Binds to a namespace: brings its memory online and publishes its block device.
   *
   * @throws dev.pgmap.api.MmException if it cannot; what was set up until then is undone
   */
  void probe(PmemDevice device);
}
