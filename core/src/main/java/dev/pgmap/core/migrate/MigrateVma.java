package dev.pgmap.core.migrate;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;

/**
 * {@code migrate_vma}: moves the pages of a part of an area, by its page tables.
 *
 * <p>The caller holds the mmap lock from setup to finish. Used by one thread.
 */
public final class MigrateVma implements Migration {
  private final MmContext context;
  private final MigrateRequest request;
  private final Vma vma;
  private final FaultPage faultPage;
  private final long[] src;
  private final long[] dst;
  private int cpages;

  private MigrateVma(MmContext context, MigrateRequest request, Vma vma, FaultPage faultPage) {
    int npages = (int) (request.end() - request.start() >>> 12);
    this.context = context;
    this.request = request;
    this.vma = vma;
    this.faultPage = faultPage;
    this.src = new long[npages];
    this.dst = new long[npages];
  }

  /**
   * Collects, locks and unmaps the pages.
   *
   * @throws MmException EINVAL for an area that cannot be migrated, an empty or misaligned range,
   *     one that is not inside the area, or a fault page that is not device-private; nothing
   *     changed
   */
  @KernelFunction("migrate_vma_setup")
  public static MigrateVma setup(MmContext context, MigrateRequest request) {
    Vma vma = checkArea(context, request);
    FaultPage faultPage = FaultPage.of(context, request.faultPfn());
    MigrateVma migration = new MigrateVma(context, request, vma, faultPage);
    int collected = new Collector(context, request, vma, faultPage).collect(migration.src);
    if (collected > 0) {
      migration.cpages = new Unmapper(context, faultPage).unmap(migration.src);
    }
    return migration;
  }

  private static Vma checkArea(MmContext context, MigrateRequest request) {
    if (!(request.vma() instanceof Vma vma) || !vma.mm().context().equals(context)) {
      throw invalid(request, "an area of another machine", "one of this machine");
    }
    if (vma.has(VmFlag.HUGETLB | VmFlag.IO | VmFlag.PFNMAP | VmFlag.MIXEDMAP) || isDax(vma)) {
      throw invalid(request, "an area of special, hugetlb or dax memory", "ordinary memory");
    }
    if (request.start() >= request.end()
        || ((request.start() | request.end()) & 4095) != 0
        || request.start() < vma.start()
        || request.end() > vma.end()) {
      throw invalid(
          request,
          "0x%x to 0x%x".formatted(request.start(), request.end()),
          "whole pages inside [%s]".formatted(vma));
    }
    return vma;
  }

  private static boolean isDax(Vma vma) {
    AddressSpace file = vma.file();
    return file != null && file.isFsdax();
  }

  private static MmException invalid(MigrateRequest request, String found, String expected) {
    return new MmException(
        Errno.EINVAL, "migrate at 0x%x".formatted(request.start()), found, expected, "");
  }

  @Override
  public int npages() {
    return src.length;
  }

  @Override
  public long[] src() {
    return src;
  }

  @Override
  public long[] dst() {
    return dst;
  }

  @Override
  public int cpages() {
    return cpages;
  }

  @KernelFunction("migrate_vma_pages")
  @Override
  public void pages() {
    new Mover(context, faultPage, new HoleFiller(context, request, vma)).move(src, dst);
  }

  @KernelFunction("migrate_vma_finalize")
  @Override
  public void finish() {
    new Finisher(context, faultPage).finish(src, dst);
  }
}
