package dev.pgmap.core.nvdimm;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code create-namespace} asks for; whatever is absent has ndctl's default.
 *
 * @param regionId the region, or null for the first with room
 * @param mode null: devdax, or what a reconfigured namespace was
 * @param map null: in the device, or what a reconfigured namespace had
 * @param alignBytes 0: 2 MiB, or what a reconfigured namespace had
 * @param bytes 0: the largest free extent, or the size of a reconfigured namespace
 * @param uuid null: a random one
 * @param altName {@code --name}; empty for none
 * @param legacy fsdax on all of the range, without info block and with struct pages in RAM, as a
 *     kernel makes of {@code memmap=SIZE!START} by itself
 */
public record NamespaceRequest(
    @Nullable Integer regionId,
    @Nullable NamespaceMode mode,
    @Nullable MapLocation map,
    long alignBytes,
    long bytes,
    @Nullable UUID uuid,
    String altName,
    boolean legacy) {
  /** Nothing asked for in particular. */
  public static final NamespaceRequest DEFAULTS =
      new NamespaceRequest(null, null, null, 0, 0, null, "", false);

  static final long DEFAULT_ALIGN_BYTES = 2L << 20;

  /** The same in that region. */
  public NamespaceRequest withRegion(int id) {
    return new NamespaceRequest(id, mode, map, alignBytes, bytes, uuid, altName, legacy);
  }

  /** The same in that mode. */
  public NamespaceRequest withMode(NamespaceMode value) {
    return new NamespaceRequest(regionId, value, map, alignBytes, bytes, uuid, altName, legacy);
  }

  /** The same with struct pages there. */
  public NamespaceRequest withMap(MapLocation value) {
    return new NamespaceRequest(regionId, mode, value, alignBytes, bytes, uuid, altName, legacy);
  }

  /** The same with that mapping alignment in bytes. */
  public NamespaceRequest withAlign(long value) {
    return new NamespaceRequest(regionId, mode, map, value, bytes, uuid, altName, legacy);
  }

  /** The same of that size in bytes, struct pages included. */
  public NamespaceRequest withSize(long value) {
    return new NamespaceRequest(regionId, mode, map, alignBytes, value, uuid, altName, legacy);
  }

  /** The same with that uuid. */
  public NamespaceRequest withUuid(UUID value) {
    return new NamespaceRequest(regionId, mode, map, alignBytes, bytes, value, altName, legacy);
  }

  /** The same with that {@code --name}. */
  public NamespaceRequest withName(String value) {
    return new NamespaceRequest(regionId, mode, map, alignBytes, bytes, uuid, value, legacy);
  }

  /** The same without info block; only for fsdax. */
  public NamespaceRequest withLegacy() {
    return new NamespaceRequest(regionId, mode, map, alignBytes, bytes, uuid, altName, true);
  }

  NamespaceMode modeOr(NamespaceMode other) {
    return mode == null ? other : mode;
  }

  MapLocation mapOr(MapLocation other) {
    return map == null ? other : map;
  }

  long alignOr(long other) {
    return alignBytes == 0 ? other : alignBytes;
  }
}
