package dev.pgmap.core.nvdimm;

/**
 * What takes a devdax namespace over when it is enabled, as {@code dax_pmem} does.
 *
 * <p>Called without any lock of the nvdimm bus, at most once at a time per namespace.
 */
public interface NamespaceDriver {
  /**
   * Makes the device of a namespace.
   *
   * @return the device's name, such as {@code dax0.0}
   * @throws dev.pgmap.api.MmException if it cannot; nothing is left behind then
   */
  String attach(Namespace namespace);

  /** Takes the device away again; blocks until its memory is offline. */
  void detach(Namespace namespace);
}
