package dev.pgmap.core.pgmap;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.core.log.KernelLog;
import java.util.Set;

/** The checks that {@code memremap_pages} makes before it touches anything. */
final class PagemapRequest {
  /** {@code MAX_FOLIO_ORDER} of a 64-bit kernel with hugetlb: 16 GiB. */
  private static final int MAX_FOLIO_ORDER = 22;

  private PagemapRequest() {}

  static void check(PagemapSpec spec, DevPagemapOps ops, Set<MemoryType> known, KernelLog log) {
    if (spec.ranges().isEmpty()) {
      throw refused(log, spec, "no range", "at least one range", "nr_range must be specified");
    }
    if (spec.vmemmapShift() < 0 || spec.vmemmapShift() > MAX_FOLIO_ORDER) {
      throw refused(
          log,
          spec,
          "vmemmap_shift " + spec.vmemmapShift(),
          "0 to " + MAX_FOLIO_ORDER,
          "requested folio size unsupported");
    }
    if (!known.contains(spec.type())) {
      throw refused(
          log,
          spec,
          spec.type().kernelName(),
          "a type that this kernel has",
          "Invalid pgmap type " + spec.type().kernelName());
    }
    checkType(spec, ops, log);
  }

  /** The check that {@code pagemap_range} makes first, so that range 0 comes before it. */
  static void checkAltmap(PagemapSpec spec, int range, KernelLog log) {
    if (spec.altmap() != null && range > 0) {
      throw refused(
          log,
          spec,
          "an altmap and " + spec.ranges().size() + " ranges",
          "an altmap with one range",
          "altmap not supported for multiple ranges");
    }
  }

  private static void checkType(PagemapSpec spec, DevPagemapOps ops, KernelLog log) {
    boolean isPrivate = spec.type() == MemoryType.PRIVATE;
    if (isPrivate && !supplies(ops, "migrateToRam", RamFault.class)) {
      throw missing(log, spec, "migrate_to_ram method");
    }
    if (isPrivate || spec.type() == MemoryType.COHERENT) {
      if (!hasFreeOp(ops)) {
        throw missing(log, spec, "page_free method");
      }
      if (spec.owner() == null) {
        throw missing(log, spec, "owner");
      }
    }
  }

  /** Whether the driver has an op that hears of a page that became free. */
  static boolean hasFreeOp(DevPagemapOps ops) {
    return supplies(ops, "pageFree", Pagemap.class, long.class)
        || supplies(ops, "folioFree", Pagemap.class, long.class, int.class);
  }

  /** Whether the ops object has an implementation of its own: the member is not NULL. */
  private static boolean supplies(DevPagemapOps ops, String method, Class<?>... parameters) {
    try {
      return ops.getClass().getMethod(method, parameters).getDeclaringClass()
          != DevPagemapOps.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("dev_pagemap_ops has no member " + method, e);
    }
  }

  private static MmException missing(KernelLog log, PagemapSpec spec, String what) {
    return refused(
        log, spec, spec.type().kernelName() + " without " + what, "a " + what, "Missing " + what);
  }

  private static MmException refused(
      KernelLog log, PagemapSpec spec, String found, String expected, String warning) {
    log.warn("%s", warning);
    return new MmException(Errno.EINVAL, "pgmap of " + spec.name(), found, expected, "");
  }
}
