package dev.pgmap.api.fs;

/** {@code struct dax_holder_operations}: how a mounted file system hears of its device. */
public interface HolderOps {
  /** The flag of a device that is about to go, {@code MF_MEM_PRE_REMOVE}. */
  int MF_MEM_PRE_REMOVE = 1 << 7;

  /**
   * Bytes of the device failed, or with {@link #MF_MEM_PRE_REMOVE} all of it is about to go.
   *
   * @param offset first byte, relative to the data of the device
   * @param bytes how many; {@link Long#MAX_VALUE} for all
   * @return 0 when handled, or a negated errno; {@code -EOPNOTSUPP} asks for the generic way
   */
  int notifyFailure(long offset, long bytes, int mfFlags);
}
