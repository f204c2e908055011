package dev.pgmap.core.pgmap;

import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapRef;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.sync.Completion;
import dev.pgmap.core.sync.PercpuRef;
import dev.pgmap.core.sync.Sync;
import dev.pgmap.core.vmemmap.Altmap;
import dev.pgmap.core.vmemmap.Memmap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code struct dev_pagemap} from memremap to memunmap.
 *
 * <p>States: NEW, LIVE (memory online), DYING (killed, waiting for the last reference), DEAD.
 * Thread-safe for readers; ranges are added and removed only by {@link Pagemaps}.
 */
public final class DevPagemap implements Pagemap {
  /** Where a pgmap is in its life. */
  public enum State {
    NEW,
    LIVE,
    DYING,
    DEAD
  }

  private final int index;
  private final PagemapSpec spec;
  private final long cachedFirstPfn;
  private final long cachedEndPfn;
  private final DevPagemapOps ops;
  private final boolean hasFreeOp;
  private final @Nullable Altmap altmap;
  private final PercpuRef ref;
  private final Completion done = new Completion();
  private final List<Memmap> memmaps = new ArrayList<>();
  private final Ref refView = new Ref();
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

  DevPagemap(int index, PagemapSpec spec, DevPagemapOps ops, Sync sync, Consumer<String> warn) {
    this.index = index;
    this.spec = spec;
    this.cachedFirstPfn = spec.ranges().getFirst().firstPfn();
    this.cachedEndPfn = spec.ranges().getFirst().endPfn();
    this.ops = ops;
    this.hasFreeOp = PagemapRequest.hasFreeOp(ops);
    this.altmap = spec.altmap() == null ? null : new Altmap(spec.altmap());
    this.ref = new PercpuRef(sync, done::complete, warn);
  }

  private final class Ref implements PagemapRef {
    @Override
    public void kill() {
      ref.kill();
    }

    @Override
    public void awaitIdle() {
      done.await();
    }

    @Override
    public boolean isDying() {
      return ref.isDying();
    }
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public PagemapSpec spec() {
    return spec;
  }

  @Override
  public PagemapRef ref() {
    return refView;
  }

  /** How its pages name it: its number and its memory type. */
  public long pageWord() {
    return (long) index << PageLayout.PGMAP_SHIFT
        | spec.type().ordinal() + 1L << PageLayout.TYPE_SHIFT
        | (spec.type() == MemoryType.FS_DAX ? PageLayout.SLOW_LONGTERM : 0);
  }

  /** The device it belongs to. */
  public String name() {
    return spec.name();
  }

  /** The driver's ops. */
  DevPagemapOps ops() {
    return ops;
  }

  /** Whether the driver has an op that hears of a page that became free. */
  boolean hasFreeOp() {
    return hasFreeOp;
  }

  /**
   * Asks the driver to handle a memory failure, the op {@code memory_failure}.
   *
   * @param pfn the first page that is lost; a page of this pgmap, which the caller holds
   * @return what {@link DevPagemapOps#memoryFailure} says
   */
  public int memoryFailure(long pfn, long nrPages, int mfFlags) {
    return ops.memoryFailure(this, pfn, nrPages, mfFlags);
  }

  /**
   * Asks the driver to bring back a page that a CPU touched, the op {@code migrate_to_ram}.
   *
   * @return what {@link DevPagemapOps#migrateToRam} says
   */
  public int migrateToRam(RamFault fault) {
    return ops.migrateToRam(fault);
  }

  PercpuRef percpuRef() {
    return ref;
  }

  /** References to the pgmap now; exact while nobody gets or puts. */
  public long refCount() {
    return ref.count();
  }

  /** Order of its compound pages, {@code vmemmap_shift}; 0 for base pages. */
  public int vmemmapShift() {
    return spec.vmemmapShift();
  }

  /** The altmap, if its struct pages live in the device. */
  public @Nullable Altmap altmap() {
    return altmap;
  }

  /** Where it is in its life. */
  public State state() {
    return Objects.requireNonNull(state.get());
  }

  void enter(State next) {
    state.set(next);
  }

  /** Whether the calling thread is the one that moved it from one state to the next. */
  boolean moveOn(State from, State to) {
    return state.compareAndSet(from, to);
  }

  /** The ranges that are online, in order. */
  List<Memmap> memmaps() {
    return memmaps;
  }

  /** Number of 4 KiB pages that hold its struct pages. */
  public long vmemmapPages() {
    return memmaps.stream().mapToLong(Memmap::vmemmapPages).sum();
  }

  /**
   * The first pfn of a range that has a device page: after the altmap's area ({@code pfn_first}).
   */
  public long pfnFirst(int range) {
    long start = spec.ranges().get(range).firstPfn();
    return range == 0 && altmap != null ? start + altmap.spec().offsetPages() : start;
  }

  /** One past the last pfn of a range ({@code pfn_end}). */
  public long pfnEnd(int range) {
    return spec.ranges().get(range).endPfn();
  }

  /** Number of folios in a range ({@code pfn_len}). */
  public long nrFolios(int range) {
    return (pfnEnd(range) - pfnFirst(range)) >> spec.vmemmapShift();
  }

  /** Whether a pfn has a device page of this pgmap ({@code pgmap_pfn_valid}). */
  public boolean isPfnValid(long pfn) {
    for (int i = 0; i < spec.ranges().size(); i++) {
      PhysRange range = spec.ranges().get(i);
      if (pfn >= range.firstPfn() && pfn < range.endPfn()) {
        return pfn >= pfnFirst(i);
      }
    }
    return false;
  }

  /** First pfn of the first range: all that a cached lookup compares with. */
  public long cachedFirstPfn() {
    return cachedFirstPfn;
  }

  /** One past the last pfn of the first range. */
  public long cachedEndPfn() {
    return cachedEndPfn;
  }

  @Override
  public String toString() {
    return "pgmap %d (%s)".formatted(index, spec.name());
  }
}
