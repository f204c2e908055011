package dev.pgmap.core.nvdimm;

/**
 * What takes the namespaces of one mode over when they are enabled, as {@code dax_pmem} and {@code
 * nd_pmem} do.
 *
 * <p>Called without any lock of the nvdimm bus, at most once at a time per namespace.
 */
public interface NamespaceDriver {
  /**
   * Makes the device of a namespace.
   *
   * @return the device's name, such as {@code dax0.0} or {@code pmem0}
   * @throws dev.pgmap.api.MmException if it cannot; nothing is left behind then
   */
  String attach(Namespace namespace);

  /**
   * Refuses if somebody has the device open for itself, as a mount has: what ndctl asks before it
   * disables a namespace.
   *
   * @throws dev.pgmap.api.MmException EBUSY
   */
  default void checkUnused(Namespace namespace) {}

  /** Takes the device away again; blocks until its memory is offline. */
  void detach(Namespace namespace);
}
