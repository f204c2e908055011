package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.hotplug.MemoryBlock;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kmem}: the driver that makes System RAM of dax devices.
 *
 * <p>Of each range of a device it takes the memory blocks that lie in it whole. It binds only where
 * it is named: a device without a driver goes to device_dax. When it lets go of a device whose
 * memory is still online, that memory stays until the machine is switched off.
 *
 * <p>It belongs to the engine, not to a plugin: it has no pgmap and no ops. Thread-safe.
 */
public final class KmemDriver implements DaxDriver {
  /** Its name on the dax bus. */
  public static final String NAME = "kmem";

  private static final String IOMEM_NAME = "System RAM (kmem)";

  private final MemoryBlocks memory;
  private final ResourceTree resources;
  private final KernelLog log;
  private final KmemPolicy policy;

  /** The driver of one machine. */
  public KmemDriver(MemoryBlocks memory, ResourceTree resources, KernelLog log, KmemPolicy policy) {
    this.memory = memory;
    this.resources = resources;
    this.log = log;
    this.policy = policy;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean matchesAlways() {
    return false;
  }

  /** Whether a device is bound to this driver and some of its memory is online. */
  static boolean isOnline(DevDax device, MemoryBlocks memory) {
    return NAME.equals(device.driverName())
        && wholeBlocks(device).stream()
            .flatMap(part -> memory.in(part).stream())
            .anyMatch(MemoryBlock::isOnline);
  }

  /**
   * The memory blocks that lie in the device whole, as one range for each range of the device that
   * has any.
   */
  public static List<PhysRange> wholeBlocks(DaxDevice device) {
    List<PhysRange> whole = new ArrayList<>();
    for (PhysRange range : device.dataRanges()) {
      PhysRange part = wholeBlocks(range);
      if (part != null) {
        whole.add(part);
      }
    }
    return whole;
  }

  private static @Nullable PhysRange wholeBlocks(PhysRange range) {
    long start = PageMath.alignUp(range.start(), MemoryBlock.BYTES);
    long end = PageMath.alignDown(range.end() + 1, MemoryBlock.BYTES);
    return start < end ? new PhysRange(start, end - 1) : null;
  }

  @KernelFunction("dev_dax_kmem_probe")
  @Override
  public void probe(DaxDevice device) {
    tellSmallRanges(device);
    List<PhysRange> whole = wholeBlocks(device);
    checkNotEmpty(device, whole);
    for (PhysRange range : whole) {
      add(device, range);
    }
  }

  private void tellSmallRanges(DaxDevice device) {
    List<PhysRange> ranges = device.dataRanges();
    for (int i = 0; i < ranges.size(); i++) {
      if (wholeBlocks(ranges.get(i)) == null) {
        log.info(
            "kmem %s: mapping%d: 0x%x-0x%x too small after alignment",
            device.name(), i, ranges.get(i).start(), ranges.get(i).end());
      }
    }
  }

  private void checkNotEmpty(DaxDevice device, List<PhysRange> whole) {
    long lost = bytes(device.dataRanges()) - bytes(whole);
    if (!whole.isEmpty()) {
      if (lost > 0 && policy == KmemPolicy.TELLS_WHAT_IS_LOST) {
        log.info(
            "kmem %s: DAX region truncated by %d MiB due to alignment", device.name(), lost >> 20);
      }
    } else if (policy != KmemPolicy.TAKES_EMPTY) {
      log.info("kmem %s: rejecting DAX region without any memory after alignment", device.name());
      throw new MmException(
          Errno.EINVAL,
          "kmem " + device.name(),
          "no whole memory block in " + device.dataRanges(),
          "at least 128 MiB at a multiple of 128 MiB",
          "use a larger device");
    }
  }

  private static long bytes(List<PhysRange> ranges) {
    return ranges.stream().mapToLong(PhysRange::bytes).sum();
  }

  private void add(DaxDevice device, PhysRange range) {
    // Not a busy claim: the memory nests below it.
    Resource claim = resources.request(range, device.name(), ResourceKind.OTHER);
    try {
      memory.add(range, IOMEM_NAME);
    } catch (MmException e) {
      resources.release(claim);
      throw e;
    }
    device.onDetach(() -> remove(device, range, claim));
  }

  @KernelFunction("dev_dax_kmem_remove")
  private void remove(DaxDevice device, PhysRange range, Resource claim) {
    try {
      memory.remove(range);
    } catch (MmException e) {
      log.warn(
          "kmem %s: 0x%x-0x%x cannot be hotremoved until the next reboot: %s",
          device.name(), range.start(), range.end(), e.getMessage());
      return;
    }
    resources.release(claim);
  }
}
