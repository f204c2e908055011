package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.MediaErrors;
import java.util.List;

/**
 * Media errors of namespaces: {@code ndctl inject-error} and {@code clear-errors}, and what a probe
 * does about those in the metadata. Thread-safe.
 */
public final class MediaErrorAdmin {
  private static final long INFO_BLOCK_BYTES = 8192;

  private final MediaErrors errors;

  MediaErrorAdmin(MediaErrors errors) {
    this.errors = errors;
  }

  /**
   * Loses blocks of a namespace.
   *
   * @param firstBlock of 512 bytes, from the namespace's first byte
   * @throws MmException EINVAL for blocks that it has not
   */
  public void inject(Namespace namespace, long firstBlock, long nrBlocks) {
    errors.add(blocks(namespace, firstBlock, nrBlocks));
  }

  /** Makes blocks of a namespace readable again; the same errors as {@link #inject}. */
  public void clear(Namespace namespace, long firstBlock, long nrBlocks) {
    errors.clear(blocks(namespace, firstBlock, nrBlocks));
  }

  private static PhysRange blocks(Namespace namespace, long firstBlock, long nrBlocks) {
    long all = namespace.range().bytes() / MediaErrors.SECTOR_BYTES;
    if (firstBlock < 0 || nrBlocks <= 0 || firstBlock >= all || nrBlocks > all - firstBlock) {
      throw new MmException(
          Errno.EINVAL,
          namespace.name(),
          "%d blocks from block %d".formatted(nrBlocks, firstBlock),
          "blocks of 512 bytes below " + all,
          "");
    }
    return PhysRange.ofLength(
        namespace.range().start() + firstBlock * MediaErrors.SECTOR_BYTES,
        nrBlocks * MediaErrors.SECTOR_BYTES);
  }

  /** Makes all blocks of a namespace readable; returns how many were not. */
  public long clearAll(Namespace namespace) {
    long nrBlocks =
        errors.in(namespace.range()).stream().mapToLong(PhysRange::bytes).sum()
            / MediaErrors.SECTOR_BYTES;
    errors.clear(namespace.range());
    return nrBlocks;
  }

  /** What is lost of a region or a namespace, by address. */
  public List<PhysRange> in(PhysRange range) {
    return errors.in(range);
  }

  /**
   * What a probe does about lost metadata: an info block that cannot be read is an error, and what
   * is lost of the struct pages behind it is cleared, since they are written anew ({@code
   * nd_pfn_clear_memmap_errors}).
   *
   * @throws MmException EIO
   */
  void prepare(Namespace.Config config) {
    PfnSetup setup = config.setup();
    if (setup == null) {
      return;
    }
    if (errors.isLost(setup.start(), INFO_BLOCK_BYTES)) {
      throw new MmException(
          Errno.EIO,
          "info block at 0x%x".formatted(setup.start() + InfoBlock.OFFSET),
          "the medium has lost it",
          "one that can be read",
          "ndctl clear-errors, or make the namespace anew");
    }
    if (setup.map() == MapLocation.DEV) {
      errors.clear(setup.headRange());
    }
  }
}
