package dev.pgmap.core.mm;

import dev.pgmap.api.devmem.DevmemFeature;
import java.util.EnumSet;
import java.util.Set;

/**
 * The answers of one family of kernels to the questions of swap-like entries.
 *
 * @param toRam how a CPU fault on device-private memory calls the driver
 * @param exclusive what an entry of a page that a device uses alone holds
 * @param hmmFaultsForeign whether {@code hmm_range_fault} faults private pages of other devices
 *     back (6.0 on); before, it fails
 * @param features what drivers of devices that own memory are offered
 */
public record SwapPolicies(
    ToRam toRam, Exclusive exclusive, boolean hmmFaultsForeign, Set<DevmemFeature> features) {

  /** Copies the set. */
  public SwapPolicies {
    features = Set.copyOf(features);
  }

  /** 5.9 to 5.11. */
  public static final SwapPolicies BARE =
      new SwapPolicies(ToRam.BARE, Exclusive.NONE, false, Set.of());

  /** 5.12 to 5.19. */
  public static final SwapPolicies BARE_EXCLUSIVE =
      new SwapPolicies(ToRam.BARE, Exclusive.UNMAPPED_BARE, false, Set.of(DevmemFeature.EXCLUSIVE));

  /** 6.1 to 6.14, with what came to the last 6.1. */
  public static final SwapPolicies REFERENCED =
      new SwapPolicies(
          ToRam.REFERENCE,
          Exclusive.UNMAPPED,
          true,
          EnumSet.of(DevmemFeature.EXCLUSIVE, DevmemFeature.COHERENT, DevmemFeature.MIGRATE_RANGE));

  /** 6.15 to 6.18. */
  public static final SwapPolicies LOCKED =
      new SwapPolicies(
          ToRam.TRYLOCK,
          Exclusive.MAPPED,
          true,
          EnumSet.complementOf(EnumSet.of(DevmemFeature.LARGE_FOLIOS)));

  /** 7.0 on. */
  public static final SwapPolicies LOCKED_OR_WAITED_FOR =
      new SwapPolicies(
          ToRam.TRYLOCK_OR_WAIT, Exclusive.MAPPED, true, EnumSet.allOf(DevmemFeature.class));

  /** How {@code do_swap_page} protects a device-private page for {@code migrate_to_ram}. */
  public enum ToRam {
    /** Up to 6.0: not at all; the page may be freed and used again meanwhile. */
    BARE(false, false, false),
    /**
     * 6.1 to 6.14: by a reference. Each of several faults on one page takes one, and then none of
     * them can move it.
     */
    REFERENCE(true, false, false),
    /** 6.15 to 6.18: by reference and page lock; who does not get the lock faults again. */
    TRYLOCK(true, true, false),
    /** 7.0 on: the same; who does not get the lock sleeps until it is given back. */
    TRYLOCK_OR_WAIT(true, true, true);

    private final boolean takesReference;
    private final boolean locks;
    private final boolean waits;

    ToRam(boolean takesReference, boolean locks, boolean waits) {
      this.takesReference = takesReference;
      this.locks = locks;
      this.waits = waits;
    }

    /** Whether a reference is held while the driver runs. */
    public boolean takesReference() {
      return takesReference;
    }

    /** Whether the page's lock is held while the driver runs. */
    public boolean locks() {
      return locks;
    }

    /** Whether a fault that finds the page locked sleeps until it is not. */
    public boolean waits() {
      return waits;
    }
  }

  /** What happens to a page that a device uses alone ({@code make_device_exclusive}). */
  public enum Exclusive {
    /** Before 5.12: there are no such entries. */
    NONE(false, false),
    /** Up to 6.2: no longer mapped by the entry; a fault locks it without a reference. */
    UNMAPPED_BARE(false, false),
    /** 6.3 (and the last 6.1) to 6.14: no longer mapped by the entry; a fault takes a reference. */
    UNMAPPED(false, true),
    /** 6.15 on: stays mapped by the entry. */
    MAPPED(true, true);

    private final boolean keepsMapcount;
    private final boolean faultTakesReference;

    Exclusive(boolean keepsMapcount, boolean faultTakesReference) {
      this.keepsMapcount = keepsMapcount;
      this.faultTakesReference = faultTakesReference;
    }

    /** Whether a fault takes a reference of the page before it locks it. */
    boolean faultTakesReference() {
      return faultTakesReference;
    }

    /** Whether an entry counts as a mapping of its page. */
    public boolean keepsMapcount() {
      return keepsMapcount;
    }
  }
}
