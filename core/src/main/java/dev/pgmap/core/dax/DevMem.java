package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.RemapFrames;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.phys.ResourceTree.Intersection;

/**
 * {@code /dev/mem}: physical addresses as a file, but for RAM and for what a driver has claimed
 * ({@code STRICT_DEVMEM}, {@code IO_STRICT_DEVMEM}). When a driver claims addresses later, mappings
 * of them are taken away ({@code revoke_iomem}), and whoever touches them gets SIGBUS. Thread-safe.
 */
public final class DevMem implements MappableFile {
  /** Its path. */
  public static final String PATH = "/dev/mem";

  private final ResourceTree resources;

  private DevMem(ResourceTree resources) {
    this.resources = resources;
  }

  /** Makes the node; claims take mappings away from then on. */
  public static void publish(DevNodes nodes, ResourceTree resources) {
    AddressSpace node = nodes.publish(PATH, new DevMem(resources));
    resources.setClaimListener(range -> node.unmapMappingRange(range.firstPfn(), range.nrPages()));
  }

  @KernelFunction("mmap_mem")
  @Override
  public void mmap(VmArea vma) {
    long bytes = vma.end() - vma.start();
    PhysRange range = PhysRange.ofLength(vma.pgoff() << PageMath.PAGE_SHIFT, bytes);
    check(range, ResourceKind.SYSTEM_RAM, "System RAM");
    check(range, ResourceKind.DEVICE, "memory that a driver has claimed");
    RemapFrames.into(vma, vma.start(), vma.pgoff(), bytes);
  }

  private void check(PhysRange range, ResourceKind kind, String what) {
    if (resources.intersects(range, kind) != Intersection.DISJOINT) {
      throw new MmException(
          Errno.EPERM, PATH + " at " + range, what, "memory that nobody uses", "see /proc/iomem");
    }
  }

  /** Nothing is faulted in: what was mapped and is gone was revoked. */
  @Override
  public int fault(FaultRequest fault) {
    return VmFault.SIGBUS;
  }

  @Override
  public long mappingAlignBytes() {
    return PageMath.PAGE_BYTES;
  }
}
