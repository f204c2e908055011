package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.pgtable.Geometry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Memory that dax devices are made of, {@code struct dax_region}.
 *
 * <p>A static region comes from a namespace and has one device, as large as itself. A dynamic one
 * comes from memory that firmware reserved; its devices are made, sized and deleted by name, and
 * device 0 stays for good. Read by anyone; changed under the bus lock.
 */
public final class DaxRegion {
  private final int id;
  private final PhysRange range;
  private final long alignBytes;
  private final boolean isStatic;
  private final DaxSpace space;
  private final Geometry geometry;
  private final List<DevDax> devices = new CopyOnWriteArrayList<>();

  DaxRegion(int id, PhysRange range, long alignBytes, boolean isStatic, Geometry geometry) {
    this.id = id;
    this.range = range;
    this.alignBytes = alignBytes;
    this.isStatic = isStatic;
    this.space = new DaxSpace(range, alignBytes, geometry.compatAlignBytes());
    this.geometry = geometry;
  }

  /** Its number; static regions have that of their nvdimm region, which several may share. */
  public int id() {
    return id;
  }

  /** Its addresses. */
  public PhysRange range() {
    return range;
  }

  /** Its alignment in bytes. */
  public long alignBytes() {
    return alignBytes;
  }

  /** Whether it comes from a namespace, so that sizes and aligns are ndctl's business. */
  public boolean isStatic() {
    return isStatic;
  }

  /** Its devices, by number; also those without any memory. */
  public List<DevDax> devices() {
    return devices.stream().sorted(Comparator.comparingInt(DevDax::id)).toList();
  }

  /** Bytes that no device has. */
  public long availableBytes() {
    return space.availableBytes(rangesExcept(null));
  }

  /** The name that the next device will have. */
  public String seedName() {
    return "dax" + id + "." + nextId();
  }

  int nextId() {
    int next = 0;
    for (DevDax device : devices()) {
      if (device.id() == next) {
        next++;
      }
    }
    return next;
  }

  void add(DevDax device) {
    devices.add(device);
  }

  void remove(DevDax device) {
    devices.remove(device);
  }

  /**
   * Gives a device another size and alignment.
   *
   * @throws MmException EINVAL, ENXIO, ENOSPC; the device is as before then
   */
  void resize(DevDax device, long bytes, long deviceAlignBytes) {
    checkAlign(device, deviceAlignBytes);
    List<PhysRange> resized =
        space.resize(device.dataRanges(), rangesExcept(device), bytes, deviceAlignBytes);
    if (deviceAlignBytes != device.alignBytes()) {
      resized.forEach(part -> space.checkSize(part.bytes(), deviceAlignBytes));
    }
    device.setMemory(DaxRange.inOrder(resized), deviceAlignBytes);
  }

  /** Refuses a size that the device cannot have at its alignment. */
  void checkSize(DevDax device, long bytes) {
    space.checkSize(bytes, device.alignBytes());
  }

  /**
   * Adds a range to a device, after those that it has.
   *
   * @throws MmException ENXIO for a misaligned length, ENOMEM if it is not free here
   */
  void addRange(DevDax device, PhysRange added) {
    List<PhysRange> ranges =
        space.add(device.dataRanges(), rangesExcept(device), added, device.alignBytes());
    device.setMemory(DaxRange.inOrder(ranges), device.alignBytes());
  }

  private void checkAlign(DevDax device, long bytes) {
    if (!geometry.mappingBytes().contains(bytes)) {
      throw new MmException(
          Errno.EINVAL, device.name() + " align", bytes + " bytes", geometry.mappingSizes(), "");
    }
  }

  private List<PhysRange> rangesExcept(@Nullable DevDax except) {
    List<PhysRange> used = new ArrayList<>();
    for (DevDax device : devices) {
      if (device != except) {
        used.addAll(device.claimedRanges());
      }
    }
    return used;
  }

  @Override
  public String toString() {
    return "dax region " + id;
  }
}
