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
import dev.pgmap.core.gup.LongtermRule;
import dev.pgmap.core.mm.AnonPolicies;
import dev.pgmap.core.mm.MappingPolicy;
import dev.pgmap.core.mm.SwapPolicies;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.PagemapPolicies;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A family of kernels, as the set of its answers to the questions on which kernels differ.
 *
 * <p>This is the one place where an era is put together; nothing else asks which era it is. Era
 * names are those of the kernel release that was read for it. An era is the one before it with some
 * answers changed, and one with single answers changed by hand ({@link PolicyChoice}) remembers
 * which.
 *
 * @param name the kernel release, such as {@code 6.1}
 * @param summary one line on what it is known for
 * @param pagemap how pgmaps are held, killed and described
 * @param mapping what a mapping does to its pages
 * @param anon when private memory is copied
 * @param swap what is done about swap-like entries, and what drivers that own memory are offered
 * @param gup how pages are taken and dropped
 * @param failure what is done about pages that fail
 * @param fsdax how pages belong to DAX files, and when a truncate waits for them
 * @param gupTest what the gup_test of that kernel offers and prints
 * @param hmmTests which of the kernel's tests of memory that devices own there are
 * @param uringBuffers what io_uring does about a fixed buffer
 * @param directIo what an O_DIRECT call does to the pages of user memory
 * @param kpageflags what {@code /proc/kpageflags} says of device pages
 * @param kmem what the kmem driver does about devices that are not made of whole memory blocks
 * @param chosen the answers that were changed by hand: policy and value
 */
public record Era(
    String name,
    String summary,
    PagemapPolicies pagemap,
    MappingPolicy mapping,
    AnonPolicies anon,
    SwapPolicies swap,
    GupPolicies gup,
    FailurePolicies failure,
    FsDaxPolicies fsdax,
    GupTestTraits gupTest,
    HmmTestTraits hmmTests,
    UringBuffers uringBuffers,
    DirectIo directIo,
    Kpageflags kpageflags,
    KmemPolicy kmem,
    Map<String, String> chosen) {

  /** What io_uring does about a buffer that is registered with it. */
  public enum UringBuffers {
    /**
     * Up to 6.4: pins it by the slow call, and gives it back if it lies in the mapping of a file.
     */
    REFUSES_FILES,
    /** Pins it by the fast call, and of each large folio keeps one pin. */
    KEEPS_ONE_PIN_OF_A_FOLIO
  }

  /** What an O_DIRECT call does to the pages of user memory that it reads or writes. */
  public enum DirectIo {
    /** Up to 5.19: takes and drops plain references. */
    GETS,
    /**
     * 6.0 to 6.4: drops them as those of any folio, so that nobody hears when a page of a DAX file
     * becomes idle, and a truncate that waits for it is left waiting.
     */
    GETS_AND_FORGETS_TO_WAKE,
    /** 6.5 on: pins the pages. */
    PINS
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

  /** An era in the making: each field is an answer that may be changed. */
  static final class Draft {
    PagemapPolicies pagemap;
    MappingPolicy mapping;
    AnonPolicies anon;
    SwapPolicies swap;
    GupPolicies gup;
    FailurePolicies failure;
    FsDaxPolicies fsdax;
    GupTestTraits gupTest;
    HmmTestTraits hmmTests;
    UringBuffers uringBuffers;
    DirectIo directIo;
    Kpageflags kpageflags;
    KmemPolicy kmem;

    private Draft(Era from) {
      pagemap = from.pagemap;
      mapping = from.mapping;
      anon = from.anon;
      swap = from.swap;
      gup = from.gup;
      failure = from.failure;
      fsdax = from.fsdax;
      gupTest = from.gupTest;
      hmmTests = from.hmmTests;
      uringBuffers = from.uringBuffers;
      directIo = from.directIo;
      kpageflags = from.kpageflags;
      kmem = from.kmem;
    }

    private Era build(String name, String summary, Map<String, String> chosen) {
      return new Era(
          name,
          summary,
          pagemap,
          mapping,
          anon,
          swap,
          gup,
          failure,
          fsdax,
          gupTest,
          hmmTests,
          uringBuffers,
          directIo,
          kpageflags,
          kmem,
          chosen);
    }
  }

  private static final int NO_LEVEL = Geometry.PGD;
  private static final Set<MemoryType> ALL_TYPES = EnumSet.allOf(MemoryType.class);
  private static final Set<MemoryType> WITHOUT_COHERENT =
      EnumSet.complementOf(EnumSet.of(MemoryType.COHERENT));

  /** 5.9 to 5.15, read at 5.10: base pages only, each of which holds the pgmap. */
  public static final Era V5_10 =
      new Era(
          "5.10",
          "base pages, 1-based; every page's base reference holds the pgmap",
          new PagemapPolicies(
              RefcountScheme.EXTRA_REFERENCE,
              PagemapHold.EACH_BASE_REFERENCE,
              KillStyle.OPS,
              FreeCallback.PAGE_FREE,
              false,
              VmemmapShape.FULL,
              Set.of(),
              WITHOUT_COHERENT,
              true),
          MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING,
          AnonPolicies.COW_BY_PAGE_COUNT,
          SwapPolicies.BARE,
          GupPolicies.of(
              LeafWalk.PER_PAGE_ADD,
              NO_LEVEL,
              LongtermRule.VMA_AFTER_PINNING,
              GupPolicies.Rule.LOOKS_UP_PAGEMAP,
              GupPolicies.Rule.PUTS_PIN_IN_TWO_STEPS,
              GupPolicies.Rule.COUNTS_PINS),
          FailurePolicies.of(20, Rule.MIXED_SECTIONS_ARE_ONLINE),
          FsDaxPolicies.PAGES_OF_ONE_FILE,
          new GupTestTraits(GupTestTraits.Output.BARE, false, false, 0x10000),
          HmmTestTraits.ONE_KIND,
          UringBuffers.REFUSES_FILES,
          DirectIo.GETS,
          Kpageflags.NOPAGE_UNLESS_MIXED,
          KmemPolicy.TAKES_EMPTY,
          Map.of());

  /** 5.3 to 5.8, read at 5.4: before pins were told from plain references. */
  public static final Era V5_4 =
      V5_10.changed(
          "5.4",
          "as 5.10, before FOLL_PIN: a pin is a plain reference",
          era -> {
            era.pagemap =
                era.pagemap.withScheme(
                    RefcountScheme.EXTRA_REFERENCE.telling(
                        EnumSet.of(MemoryType.PRIVATE, MemoryType.FS_DAX)));
            era.anon = AnonPolicies.COW_BY_MAP_COUNT;
            era.gup =
                era.gup
                    .with(GupPolicies.Rule.COUNTS_PINS, false)
                    .with(GupPolicies.Rule.PUTS_PIN_IN_TWO_STEPS, false);
          });

  /** 5.17: compound devmap; each compound's base reference holds the pgmap. */
  public static final Era V5_17 =
      V5_10.changed(
          "5.17",
          "compound pages (vmemmap_shift), every struct page kept; each compound holds the pgmap",
          era -> {
            era.pagemap = era.pagemap.withKill(KillStyle.ENGINE).withCompound(true);
            era.mapping = MappingPolicy.DEVMAP_ENTRIES;
            era.swap = SwapPolicies.BARE_EXCLUSIVE;
            era.hmmTests = HmmTestTraits.EXCLUSIVE;
            era.gup = era.gup.withLongterm(LongtermRule.VMA);
            era.failure = FailurePolicies.of(20, Rule.TELLS_EARLY_TASKS);
            era.gupTest = new GupTestTraits(GupTestTraits.Output.NAMED, true, false, 0x10000);
            era.kpageflags = Kpageflags.NOPAGE;
            era.kmem = KmemPolicy.REFUSES_EMPTY;
          });

  /** 5.18 to 5.19: the extra reference is gone from all types but FS_DAX; pgmaps held in bulk. */
  public static final Era V5_18 =
      V5_17.changed(
          "5.18",
          "the extra reference only on FS_DAX; pgmap references in bulk, teardown waits for no"
              + " page",
          era -> {
            era.pagemap =
                era.pagemap.withScheme(RefcountScheme.HANDED_OUT).withHold(PagemapHold.BULK);
            era.gup = era.gup.with(GupPolicies.Rule.PUTS_PIN_IN_TWO_STEPS, false);
            era.failure = FailurePolicies.of(18, Rule.TELLS_EARLY_TASKS);
          });

  /** 6.1 to 6.11: memory that devices own is 0-based; device-coherent memory; tails shared. */
  public static final Era V6_1 =
      V5_18.changed(
          "6.1",
          "free pages of device memory 0-based, each allocated one holds its pgmap; shared tails",
          era -> {
            era.pagemap =
                era.pagemap
                    .withScheme(RefcountScheme.DEVICE_OWNED_0_BASED)
                    .withHold(PagemapHold.BULK_OR_ALLOCATION)
                    .withShape(VmemmapShape.SHARED_TAILS)
                    .withTypes(ALL_TYPES);
            era.failure =
                FailurePolicies.of(
                    17,
                    Rule.TELLS_EARLY_TASKS,
                    Rule.ASKS_DRIVER,
                    Rule.KNOWS_DEVICE_OWNED,
                    Rule.UNPOISONS_ONLINE_PAGES_ONLY);
            era.anon = AnonPolicies.EXCLUSIVE_MARKS;
            era.swap = SwapPolicies.REFERENCED;
            era.hmmTests = HmmTestTraits.TWO_KINDS;
            era.fsdax = FsDaxPolicies.PAGES_COUNT_IN_INDEX;
            era.directIo = DirectIo.GETS_AND_FORGETS_TO_WAKE;
            era.gupTest = new GupTestTraits(GupTestTraits.Output.NAMED, true, false, 0x100);
          });

  /** 6.12 to 6.14: folio-based gup, devmap entries still there. */
  public static final Era V6_12 =
      V6_1.changed(
          "6.12",
          "as 6.1, with folio-based gup; devmap entries still there",
          era -> {
            era.gup =
                GupPolicies.of(
                    LeafWalk.PER_PAGE_TRY,
                    Geometry.PUD,
                    LongtermRule.VMA,
                    GupPolicies.Rule.LOOKS_UP_PAGEMAP,
                    GupPolicies.Rule.COUNTS_PINS,
                    GupPolicies.Rule.GUARDS_P2PDMA,
                    GupPolicies.Rule.TAKES_BEFORE_LONGTERM_TEST,
                    GupPolicies.Rule.LEAVES_FILES_TO_SLOW);
            era.failure =
                FailurePolicies.of(
                    17,
                    Rule.TELLS_EARLY_TASKS,
                    Rule.ASKS_DRIVER,
                    Rule.KNOWS_DEVICE_OWNED,
                    Rule.PUTS_WITHOUT_PAGEMAP,
                    Rule.UNPOISONS_ONLINE_PAGES_ONLY);
            era.fsdax = FsDaxPolicies.PAGES_COUNT_SHARES;
            era.directIo = DirectIo.PINS;
            era.gupTest = new GupTestTraits(GupTestTraits.Output.TAP, true, true, 0x100);
            era.uringBuffers = UringBuffers.KEEPS_ONE_PIN_OF_A_FOLIO;
          });

  /** 6.15 and 6.16: mappings hold references; FS_DAX is 0-based and makes folios. */
  public static final Era V6_15 =
      V6_12.changed(
          "6.15",
          "mappings hold page references; FS_DAX 0-based, in folios; gup still asks for the pgmap",
          era -> {
            era.pagemap =
                era.pagemap
                    .withScheme(RefcountScheme.GENERIC_1_BASED)
                    .withResizable(EnumSet.of(MemoryType.FS_DAX));
            era.fsdax = FsDaxPolicies.FOLIOS;
            era.mapping = MappingPolicy.NORMAL_PAGES;
            era.swap = SwapPolicies.LOCKED;
            era.gup =
                GupPolicies.of(
                    LeafWalk.WHOLE_LEAF,
                    Geometry.PMD,
                    LongtermRule.FOLIO_TYPE,
                    GupPolicies.Rule.LOOKS_UP_PAGEMAP,
                    GupPolicies.Rule.COUNTS_PINS,
                    GupPolicies.Rule.GUARDS_P2PDMA,
                    GupPolicies.Rule.TAKES_BEFORE_LONGTERM_TEST,
                    GupPolicies.Rule.LEAVES_FILES_TO_SLOW);
          });

  /** 6.17 and 6.18: the devmap bit is gone, and gup asks for no pgmap. */
  public static final Era V6_17 =
      V6_15.changed(
          "6.17",
          "as 6.15; no devmap bit, and no pgmap in gup",
          era -> {
            era.gup = era.gup.with(GupPolicies.Rule.LOOKS_UP_PAGEMAP, false);
            era.kmem = KmemPolicy.TELLS_WHAT_IS_LOST;
          });

  /** 6.19 and 7.0: folio_free, and large folios of device-private memory. */
  public static final Era V7_0 =
      V6_17.changed(
          "7.0",
          "as 6.17; folio_free, and large folios of device-private memory",
          era -> {
            era.pagemap =
                era.pagemap
                    .withFreeCallback(FreeCallback.FOLIO_FREE)
                    .withResizable(
                        EnumSet.of(MemoryType.FS_DAX, MemoryType.PRIVATE, MemoryType.COHERENT));
            era.swap = SwapPolicies.LOCKED_OR_WAITED_FOR;
            era.hmmTests = HmmTestTraits.HUGE;
            era.kpageflags = Kpageflags.ZERO;
          });

  /** 7.2, as recorded: in what this engine has, the answers of 7.0. */
  public static final Era V7_2 =
      V7_0.changed(
          "7.2",
          "mappings hold page references, no devmap entries; gup takes a huge leaf in one step",
          era -> era.hmmTests = HmmTestTraits.HUGE_AND_FILES);

  private static final List<Era> ALL =
      List.of(V5_4, V5_10, V5_17, V5_18, V6_1, V6_12, V6_15, V6_17, V7_0, V7_2);

  /** Copies the map. */
  public Era {
    chosen = Map.copyOf(chosen);
  }

  private Era changed(String newName, String newSummary, Consumer<Draft> changes) {
    Draft draft = new Draft(this);
    changes.accept(draft);
    return draft.build(newName, newSummary, Map.of());
  }

  /** This era with one answer changed by hand; for {@link PolicyChoice}. */
  Era choosing(String policy, String value, Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    Map<String, String> all = new TreeMap<>(chosen);
    all.put(policy, value);
    return draft.build(name, summary, all);
  }

  /** The name, and what was chosen by hand: {@code 6.1 hold=sweep}. */
  public String label() {
    StringBuilder text = new StringBuilder(name);
    new TreeMap<>(chosen)
        .forEach((policy, value) -> text.append(' ').append(policy).append('=').append(value));
    return text.toString();
  }

  /** All eras, oldest first. */
  public static List<Era> all() {
    return ALL;
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
