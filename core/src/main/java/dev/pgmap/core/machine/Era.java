package dev.pgmap.core.machine;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.dax.KmemPolicy;
import dev.pgmap.core.failure.FailurePolicies;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.fsdax.FsDaxPolicies;
import dev.pgmap.core.gup.GupPolicies;
import dev.pgmap.core.gup.LeafWalk;
import dev.pgmap.core.mm.MappingPolicy;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.PagemapPolicies;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A family of kernels, as the set of its answers to the questions on which kernels differ.
 *
 * <p>This is the one place where an era is put together; nothing else asks which era it is. Era
 * names are those of the kernel release that was read for it.
 *
 * @param name the kernel release, such as {@code 6.1}
 * @param summary one line on what it is known for
 * @param pagemap how pgmaps are held, killed and described
 * @param mapping what a mapping does to its pages
 * @param gup how pages are taken and dropped
 * @param failure what is done about pages that fail
 * @param fsdax how pages belong to DAX files, and when a truncate waits for them
 * @param gupTest what the gup_test of that kernel offers and prints
 * @param uringBuffers what io_uring does about a fixed buffer
 * @param kpageflags what {@code /proc/kpageflags} says of device pages
 * @param kmem what the kmem driver does about devices that are not made of whole memory blocks
 */
public record Era(
    String name,
    String summary,
    PagemapPolicies pagemap,
    MappingPolicy mapping,
    GupPolicies gup,
    FailurePolicies failure,
    FsDaxPolicies fsdax,
    GupTestTraits gupTest,
    UringBuffers uringBuffers,
    Kpageflags kpageflags,
    KmemPolicy kmem) {

  /** What io_uring does about a buffer that is registered with it. */
  public enum UringBuffers {
    /**
     * Up to 6.4: pins it by the slow call, and gives it back if it lies in the mapping of a file.
     */
    REFUSES_FILES,
    /** Pins it by the fast call, and of each large folio keeps one pin. */
    KEEPS_ONE_PIN_OF_A_FOLIO
  }

  /** What {@code /proc/kpageflags} says of a page of ZONE_DEVICE. */
  public enum Kpageflags {
    /** "No page"; but the page's flags where its section holds RAM too. */
    NOPAGE_UNLESS_MIXED,
    /** "No page". */
    NOPAGE,
    /** Nothing. */
    ZERO
  }

  private static final Set<MemoryType> ALL_TYPES = EnumSet.allOf(MemoryType.class);
  private static final int NO_LEVEL = Geometry.PGD;

  /** Up to 5.17: the engine holds every page; whoever puts looks for the last but one reference. */
  private static final RefcountScheme EXTRA_REFERENCE =
      new RefcountScheme(
          ALL_TYPES,
          EnumSet.of(MemoryType.PRIVATE, MemoryType.FS_DAX),
          EnumSet.of(MemoryType.PRIVATE));

  /** 6.1 to 6.14: memory that devices own is 0-based, and only FS_DAX is managed. */
  private static final RefcountScheme DEVICE_OWNED_0_BASED =
      new RefcountScheme(
          EnumSet.of(MemoryType.GENERIC, MemoryType.FS_DAX, MemoryType.PCI_P2PDMA),
          EnumSet.of(MemoryType.FS_DAX),
          EnumSet.complementOf(EnumSet.of(MemoryType.FS_DAX)));

  /** 5.9 to 5.15, read at 5.10: base pages only, each of which holds the pgmap. */
  public static final Era V5_10 =
      new Era(
          "5.10",
          "base pages, 1-based; every page's base reference holds the pgmap",
          new PagemapPolicies(
              EXTRA_REFERENCE,
              PagemapHold.EACH_BASE_REFERENCE,
              KillStyle.OPS,
              FreeCallback.PAGE_FREE,
              false,
              VmemmapShape.FULL),
          MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING,
          new GupPolicies(true, LeafWalk.PER_PAGE_ADD, NO_LEVEL, true),
          FailurePolicies.of(20, Rule.MIXED_SECTIONS_ARE_ONLINE),
          FsDaxPolicies.PAGES_OF_ONE_FILE,
          new GupTestTraits(GupTestTraits.Output.BARE, false, false, 0x10000),
          UringBuffers.REFUSES_FILES,
          Kpageflags.NOPAGE_UNLESS_MIXED,
          KmemPolicy.TAKES_EMPTY);

  /** 5.17: compound devmap; each compound's base reference holds the pgmap. */
  public static final Era V5_17 =
      new Era(
          "5.17",
          "compound pages (vmemmap_shift), every struct page kept; each compound holds the pgmap",
          new PagemapPolicies(
              EXTRA_REFERENCE,
              PagemapHold.EACH_BASE_REFERENCE,
              KillStyle.ENGINE,
              FreeCallback.PAGE_FREE,
              true,
              VmemmapShape.FULL),
          MappingPolicy.DEVMAP_ENTRIES,
          new GupPolicies(true, LeafWalk.PER_PAGE_ADD, NO_LEVEL, true),
          FailurePolicies.of(20, Rule.TELLS_EARLY_TASKS),
          FsDaxPolicies.PAGES_OF_ONE_FILE,
          new GupTestTraits(GupTestTraits.Output.NAMED, true, false, 0x10000),
          UringBuffers.REFUSES_FILES,
          Kpageflags.NOPAGE,
          KmemPolicy.REFUSES_EMPTY);

  /** 6.1 to 6.11: references of the pgmap in bulk, tails shared. */
  public static final Era V6_1 =
      new Era(
          "6.1",
          "compound pages with shared tails; pgmap references in bulk, teardown waits for no page",
          new PagemapPolicies(
              DEVICE_OWNED_0_BASED,
              PagemapHold.BULK_OR_ALLOCATION,
              KillStyle.ENGINE,
              FreeCallback.PAGE_FREE,
              true,
              VmemmapShape.SHARED_TAILS),
          MappingPolicy.DEVMAP_ENTRIES,
          new GupPolicies(true, LeafWalk.PER_PAGE_ADD, NO_LEVEL, false),
          FailurePolicies.of(
              17, Rule.TELLS_EARLY_TASKS, Rule.ASKS_DRIVER, Rule.UNPOISONS_ONLINE_PAGES_ONLY),
          FsDaxPolicies.PAGES_COUNT_IN_INDEX,
          new GupTestTraits(GupTestTraits.Output.NAMED, true, false, 0x100),
          UringBuffers.REFUSES_FILES,
          Kpageflags.NOPAGE,
          KmemPolicy.REFUSES_EMPTY);

  /** 6.12 to 6.14: folio-based gup, devmap entries still there. */
  public static final Era V6_12 =
      new Era(
          "6.12",
          "as 6.1, with folio-based gup; devmap entries still there",
          V6_1.pagemap,
          MappingPolicy.DEVMAP_ENTRIES,
          new GupPolicies(true, LeafWalk.PER_PAGE_TRY, Geometry.PUD, false),
          FailurePolicies.of(
              17,
              Rule.TELLS_EARLY_TASKS,
              Rule.ASKS_DRIVER,
              Rule.PUTS_WITHOUT_PAGEMAP,
              Rule.UNPOISONS_ONLINE_PAGES_ONLY),
          FsDaxPolicies.PAGES_COUNT_SHARES,
          new GupTestTraits(GupTestTraits.Output.TAP, true, true, 0x100),
          UringBuffers.KEEPS_ONE_PIN_OF_A_FOLIO,
          Kpageflags.NOPAGE,
          KmemPolicy.REFUSES_EMPTY);

  /** 7.2: no devmap entries; mappings hold references; huge leaves are taken whole. */
  public static final Era V7_2 =
      new Era(
          "7.2",
          "mappings hold page references, no devmap entries; gup takes a huge leaf in one step",
          new PagemapPolicies(
              new RefcountScheme(EnumSet.of(MemoryType.GENERIC)),
              PagemapHold.BULK_OR_ALLOCATION,
              KillStyle.ENGINE,
              FreeCallback.FOLIO_FREE,
              true,
              VmemmapShape.SHARED_TAILS,
              EnumSet.of(MemoryType.FS_DAX, MemoryType.PRIVATE)),
          MappingPolicy.NORMAL_PAGES,
          new GupPolicies(false, LeafWalk.WHOLE_LEAF, Geometry.PMD, false),
          V6_12.failure,
          FsDaxPolicies.FOLIOS,
          new GupTestTraits(GupTestTraits.Output.TAP, true, true, 0x100),
          UringBuffers.KEEPS_ONE_PIN_OF_A_FOLIO,
          Kpageflags.ZERO,
          KmemPolicy.TELLS_WHAT_IS_LOST);

  /** All eras, oldest first. */
  public static List<Era> all() {
    return List.of(V5_10, V5_17, V6_1, V6_12, V7_2);
  }

  /**
   * The era of that name.
   *
   * @throws MmException EINVAL that lists the names
   */
  public static Era named(String name) {
    return all().stream()
        .filter(era -> era.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new MmException(
                Errno.EINVAL,
                "era",
                "'" + name + "'",
                "one of " + String.join(", ", all().stream().map(Era::name).toList()),
                ""));
  }
}
