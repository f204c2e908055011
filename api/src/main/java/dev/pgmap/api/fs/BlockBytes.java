package dev.pgmap.api.fs;

/**
 * The bytes of a block device with direct access: what {@code dax_direct_access} gives.
 *
 * <p>Offsets count from the first data byte of the device. What was stored is on the medium in the
 * order of the calls only where a {@link #fence} stands between them; a process that is killed, or
 * a machine that loses power, keeps any part of the stores since the last fence. Thread-safe; bytes
 * are plain memory.
 *
 * <p>Every method throws {@link dev.pgmap.api.MmException}: EINVAL for a span outside the device,
 * EIO once the device is gone, ENOSPC where the device's file cannot grow.
 */
public interface BlockBytes {
  /** The device's name, such as {@code pmem0}, for messages. */
  String name();

  /** Size in bytes, a multiple of 4096. */
  long bytes();

  /** Copies {@code nrBytes} bytes out of the device. */
  void read(long offset, byte[] to, int at, int nrBytes);

  /** Copies {@code nrBytes} bytes into the device. */
  void write(long offset, byte[] from, int at, int nrBytes);

  /**
   * Makes whole 4 KiB pages read as zeroes; uses no memory or disk for them.
   *
   * @param offset a multiple of 4096
   * @param nrBytes a multiple of 4096
   */
  void zero(long offset, long nrBytes);

  /** Orders all stores before the call before all stores after it ({@code pmem_wmb}). */
  void fence();

  /**
   * The page frame that holds an offset; data is contiguous.
   *
   * @param offset a byte of the device
   */
  long physicalPfn(long offset);
}
