package dev.pgmap.core.testing;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.PagemapPolicies;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.EnumSet;
import java.util.Set;

/** The pgmap policies of some kernels, for tests below the floor where eras are put together. */
public enum Kernels {
  V5_10(
      new PagemapPolicies(
          new RefcountScheme(EnumSet.allOf(MemoryType.class)),
          PagemapHold.EACH_BASE_REFERENCE,
          KillStyle.OPS,
          FreeCallback.PAGE_FREE,
          false,
          VmemmapShape.FULL)),
  V5_17(
      new PagemapPolicies(
          new RefcountScheme(EnumSet.allOf(MemoryType.class)),
          PagemapHold.EACH_BASE_REFERENCE,
          KillStyle.ENGINE,
          FreeCallback.PAGE_FREE,
          true,
          VmemmapShape.FULL)),
  V6_1(
      new PagemapPolicies(
          new RefcountScheme(
              EnumSet.of(MemoryType.GENERIC, MemoryType.FS_DAX, MemoryType.PCI_P2PDMA)),
          PagemapHold.BULK,
          KillStyle.ENGINE,
          FreeCallback.PAGE_FREE,
          true,
          VmemmapShape.SHARED_TAILS)),
  V7_2(
      new PagemapPolicies(
          new RefcountScheme(Set.of(MemoryType.GENERIC)),
          PagemapHold.BULK,
          KillStyle.ENGINE,
          FreeCallback.FOLIO_FREE,
          true,
          VmemmapShape.SHARED_TAILS));

  private final PagemapPolicies policies;

  Kernels(PagemapPolicies policies) {
    this.policies = policies;
  }

  /** Its answers to the questions of the pgmap package. */
  public PagemapPolicies policies() {
    return policies;
  }
}
