package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.device.DevmActions;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.nvdimm.PfnSetup;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device of the dax bus, {@code struct dev_dax} with its {@code struct dax_device}.
 *
 * <p>Order of probe, as the driver calls it: {@link #memremap} (claims the data ranges, brings the
 * memory online), {@link #addCdev}, {@link #run}. Order of detach, the reverse: the device dies,
 * all mappings of it go, the node goes, the memory goes offline (which may wait for whoever holds a
 * page), the claims go.
 *
 * <p>Threading: read by anyone at any time. The driver's calls come from the one thread that has
 * claimed the device; they are refused at any other time.
 */
public final class DevDax implements DaxDevice {
  /** Where a device is in its life. The states named "being" belong to one caller each. */
  public enum State {
    DISABLED("disabled"),
    BINDING("being enabled"),
    ENABLED("enabled"),
    UNBINDING("being disabled"),
    RECONFIGURING("being reconfigured"),
    GONE("gone");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** The state in words. */
    public String text() {
      return text;
    }
  }

  private final DaxRegion region;
  private final int id;
  private final @Nullable PfnSetup setup;
  private final DaxServices services;
  private final DevmActions actions;
  private volatile List<DaxRange> ranges = List.of();
  private volatile List<PhysRange> heldBack = List.of();
  private volatile long alignBytes;
  private volatile State state = State.DISABLED;
  private volatile boolean alive;
  private volatile @Nullable String driverName;
  private volatile @Nullable DevPagemap pagemap;
  private volatile @Nullable AddressSpace node;

  /**
   * A device without a driver.
   *
   * @param setup the namespace that a static device comes from, or null for a dynamic one
   */
  DevDax(
      DaxRegion region, int id, long alignBytes, @Nullable PfnSetup setup, DaxServices services) {
    this.region = region;
    this.id = id;
    this.alignBytes = alignBytes;
    this.setup = setup;
    this.services = services;
    this.actions = new DevmActions(name(), services.log());
  }

  @Override
  public String name() {
    return "dax" + region.id() + "." + id;
  }

  /** Its number in the region. */
  public int id() {
    return id;
  }

  /** The region that its memory is from. */
  public DaxRegion region() {
    return region;
  }

  @Override
  public long alignBytes() {
    return alignBytes;
  }

  /** Its ranges with their file offsets, in file order. */
  public List<DaxRange> ranges() {
    return ranges;
  }

  @Override
  public List<PhysRange> dataRanges() {
    return ranges.stream().map(DaxRange::range).toList();
  }

  /**
   * What nobody else may have: its ranges, or while it is reconfigured what it may have to go back
   * to, if that is more.
   */
  List<PhysRange> claimedRanges() {
    List<PhysRange> before = heldBack;
    return bytesOf(before) > bytes() ? before : dataRanges();
  }

  /** Keeps these ranges for the device until it is called again with none. */
  void holdBack(List<PhysRange> before) {
    heldBack = before;
  }

  private static long bytesOf(List<PhysRange> parts) {
    return parts.stream().mapToLong(PhysRange::bytes).sum();
  }

  /** Its size: what can be mapped. */
  public long bytes() {
    return bytesOf(dataRanges());
  }

  @Override
  public List<PhysRange> pagemapRanges() {
    return setup == null ? dataRanges() : List.of(setup.pagemapRange());
  }

  @Override
  public List<Long> mappingBytes() {
    return services.geometry().mappingBytes();
  }

  @Override
  public @Nullable AltmapSpec altmap() {
    return setup == null ? null : setup.altmap();
  }

  /** The NUMA node that its memory would be if it became System RAM. */
  public int targetNode() {
    return 0;
  }

  /** Where it is in its life. */
  public State state() {
    return state;
  }

  /** The driver that is bound, or is being bound or unbound; null if there is none. */
  public @Nullable String driverName() {
    return driverName;
  }

  /** Its pgmap while its memory is online. */
  public @Nullable DevPagemap pagemap() {
    return pagemap;
  }

  /** The path of its node; whether it exists is up to its driver. */
  public String path() {
    return "/dev/" + name();
  }

  /** Its node while it has one. */
  public @Nullable AddressSpace node() {
    return node;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public long pgoffToPhys(long pgoff, long bytes) {
    for (DaxRange part : ranges) {
      if (pgoff >= part.pgoff() && pgoff < part.pgoff() + part.range().nrPages()) {
        long phys = part.range().start() + ((pgoff - part.pgoff()) << PageMath.PAGE_SHIFT);
        return bytes > 0 && bytes - 1 <= part.range().end() - phys ? phys : -1;
      }
    }
    return -1;
  }

  @KernelFunction("devm_memremap_pages")
  @Override
  public Pagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    checkProbing("memremap");
    checkOwnMemory(spec);
    for (PhysRange range : dataRanges()) {
      Resource claim = services.resources().request(range, name(), ResourceKind.DEVICE);
      actions.push(() -> services.resources().release(claim));
    }
    DevPagemap made = services.pagemaps().memremap(spec, ops);
    pagemap = made;
    actions.push(() -> {
      services.pagemaps().memunmap(made);
      pagemap = null;
    });
    return made;
  }

  private void checkOwnMemory(PagemapSpec spec) {
    for (PhysRange range : spec.ranges()) {
      if (pagemapRanges().stream().noneMatch(own -> own.contains(range))) {
        throw new MmException(
            Errno.EINVAL,
            name() + ": memremap",
            "range " + range,
            "ranges within " + pagemapRanges(),
            "");
      }
    }
  }

  @Override
  public void addCdev(MappableFile file) {
    checkProbing("addCdev");
    AddressSpace added = services.nodes().publish(path(), file);
    node = added;
    actions.push(() -> {
      services.nodes().withdraw(added);
      node = null;
    });
  }

  @KernelFunction("run_dax")
  @Override
  public void run() {
    checkProbing("run");
    alive = true;
    actions.push(this::kill);
  }

  /** {@code kill_dev_dax}: faults are refused from now on, and what is mapped is unmapped. */
  @KernelFunction("kill_dev_dax")
  private void kill() {
    alive = false;
    AddressSpace mapped = node;
    if (mapped != null) {
      mapped.unmapMappingRange();
    }
  }

  @Override
  public void onDetach(Runnable action) {
    checkProbing("onDetach");
    actions.push(action);
  }

  private void checkProbing(String call) {
    if (state != State.BINDING) {
      throw new MmException(
          Errno.EINVAL, name() + ": " + call, "the device is " + state.text(), "a probe", "");
    }
  }

  /** Runs the driver's probe; if it fails, all that it set up is undone. */
  @KernelFunction("dax_bus_probe")
  void bind(DaxDriver driver) {
    boolean bound = false;
    try {
      driver.probe(this);
      bound = true;
    } finally {
      if (!bound) {
        actions.release();
      }
    }
  }

  /** Undoes all that probe set up. May block. */
  @KernelFunction("dax_bus_remove")
  void unbind() {
    actions.release();
  }

  void setMemory(List<DaxRange> newRanges, long newAlignBytes) {
    ranges = newRanges;
    alignBytes = newAlignBytes;
  }

  void enter(State next, @Nullable String driver) {
    driverName = driver;
    state = next;
  }

  @Override
  public String toString() {
    return name();
  }
}
