package dev.pgmap.api.devmem;

/**
 * The driver of devices that own memory: what such a module registers.
 *
 * <p>The engine calls {@link #load} once, when the module is loaded, and {@link #unload} once, when
 * no file of its devices is open any more.
 */
public interface DevmemDriver {
  /** The module's name, such as {@code test_hmm}. */
  String name();

  /**
   * {@code module_init}: makes the devices and their nodes.
   *
   * @param kernel what the driver may ask of the engine until {@link #unload} returns
   * @throws dev.pgmap.api.MmException if it cannot; the engine then calls {@link #unload}
   */
  void load(DevmemKernel kernel);

  /** {@code module_exit}: takes all of its memory offline. May block. Never throws. */
  void unload();
}
