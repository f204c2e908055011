package dev.pgmap.core.pmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.device.DevmActions;
import dev.pgmap.core.nvdimm.PfnSetup;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.phys.PageMath;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A namespace in fsdax mode: {@code struct pmem_device}, its {@code struct dax_device} and its
 * disk.
 *
 * <p>Order of probe, as the driver calls it: {@link #memremap}, {@link #addDisk}. Order of removal,
 * the reverse: the holder hears that the device goes, the device is dead, the disk goes, the memory
 * goes offline.
 *
 * <p>Threading: read by anyone at any time; the driver's calls come from the one thread that binds
 * it.
 */
public final class PmemDisk implements PmemDevice {
  private final String name;
  private final PhysRange dataRange;
  private final PhysRange pagemapRange;
  private final @Nullable AltmapSpec altmap;
  private final PmemServices services;
  private final DevmActions actions;
  private final AtomicReference<@Nullable HolderOps> holder = new AtomicReference<>();
  private volatile boolean probing;
  private volatile boolean present;
  private volatile boolean alive;
  private volatile @Nullable String driverName;
  private volatile @Nullable DevPagemap pagemap;

  /**
   * A device without a driver.
   *
   * @param name such as {@code pmem0}
   * @param range all of the namespace
   * @param setup how it is laid out; null for a legacy range without info block
   */
  PmemDisk(String name, PhysRange range, @Nullable PfnSetup setup, PmemServices services) {
    this.name = name;
    this.dataRange = setup == null ? range : setup.dataRange();
    this.pagemapRange = setup == null ? range : setup.pagemapRange();
    this.altmap = setup == null ? null : setup.altmap();
    this.services = services;
    this.actions = new DevmActions(name, services.log());
  }

  @Override
  public String name() {
    return name;
  }

  /** The path of its block device, such as {@code /dev/pmem0}. */
  public String path() {
    return "/dev/" + name;
  }

  @Override
  public PhysRange dataRange() {
    return dataRange;
  }

  @Override
  public PhysRange pagemapRange() {
    return pagemapRange;
  }

  @Override
  public @Nullable AltmapSpec altmap() {
    return altmap;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  /** Whether the block device is there. */
  public boolean hasDisk() {
    return present;
  }

  /** The driver that has it, or null. */
  public @Nullable String driverName() {
    return driverName;
  }

  /** Its pgmap while its memory is online. */
  public @Nullable DevPagemap pagemap() {
    return pagemap;
  }

  /**
   * Its bytes; they answer EIO once the device is dead.
   *
   * @throws MmException ENXIO if it is dead already
   */
  public DiskBytes bytes() {
    if (!alive) {
      throw dead();
    }
    return new DiskBytes(this, services.memory());
  }

  @KernelFunction("devm_memremap_pages")
  @Override
  public Pagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    checkProbing("memremap");
    if (!spec.ranges().stream().allMatch(pagemapRange::contains)) {
      throw new MmException(
          Errno.EINVAL,
          name + ": memremap",
          "ranges " + spec.ranges(),
          "ranges within " + pagemapRange,
          "");
    }
    DevPagemap made = services.pagemaps().memremap(spec, ops);
    pagemap = made;
    actions.push(() -> {
      services.pagemaps().memunmap(made);
      pagemap = null;
    });
    return made;
  }

  @KernelFunction("pmem_attach_disk")
  @Override
  public void addDisk() {
    checkProbing("addDisk");
    alive = true;
    present = true;
    services.log().info("%s: detected capacity change from 0 to %d", name, dataRange.bytes() / 512);
    actions.push(this::releaseDisk);
  }

  /** {@code pmem_release_disk}. */
  @KernelFunction("pmem_release_disk")
  private void releaseDisk() {
    kill();
    present = false;
  }

  /** {@code kill_dax}: the holder hears it first, while the device still works. */
  @KernelFunction("kill_dax")
  private void kill() {
    HolderOps held = holder.get();
    if (held != null) {
      held.notifyFailure(0, Long.MAX_VALUE, HolderOps.MF_MEM_PRE_REMOVE);
    }
    alive = false;
    holder.set(null);
  }

  @Override
  public void onDetach(Runnable action) {
    checkProbing("onDetach");
    actions.push(action);
  }

  private void checkProbing(String call) {
    if (!probing) {
      throw new MmException(
          Errno.EINVAL, name + ": " + call, "the device is not being bound", "a probe", "");
    }
  }

  @KernelFunction("dax_holder_notify_failure")
  @Override
  public int notifyFailure(long offset, long bytes, int mfFlags) {
    if (!alive) {
      return -Errno.ENXIO.number();
    }
    HolderOps held = holder.get();
    return held == null ? -Errno.EOPNOTSUPP.number() : held.notifyFailure(offset, bytes, mfFlags);
  }

  /**
   * Takes the device for one holder ({@code fs_dax_get}).
   *
   * @throws MmException ENXIO if it is dead, EBUSY if somebody has it
   */
  public void hold(HolderOps ops) {
    if (!alive) {
      throw dead();
    }
    if (!holder.compareAndSet(null, Objects.requireNonNull(ops))) {
      throw new MmException(
          Errno.EBUSY, path(), "held by a mounted file system", "a free device", "umount it");
    }
  }

  /** Gives the device back, if that holder has it ({@code fs_put_dax}). */
  public void release(HolderOps ops) {
    holder.compareAndSet(ops, null);
  }

  /** The offset of a physical page in the data, in bytes; negative before the data. */
  public long offsetOf(long pfn) {
    return (pfn << PageMath.PAGE_SHIFT) - dataRange.start();
  }

  private MmException dead() {
    return new MmException(
        Errno.ENXIO, path(), "the device is dead", "a live one", "see ndctl list");
  }

  /** Runs the driver's probe; if it fails, all that it set up is undone. */
  @KernelFunction("nd_pmem_probe")
  void bind(PmemDriver driver) {
    boolean bound = false;
    probing = true;
    driverName = driver.name();
    try {
      driver.probe(this);
      bound = true;
    } finally {
      probing = false;
      if (!bound) {
        unbind();
      }
    }
  }

  /** Undoes all that probe set up. May block. */
  void unbind() {
    actions.release();
    driverName = null;
  }

  @Override
  public String toString() {
    return name;
  }
}
