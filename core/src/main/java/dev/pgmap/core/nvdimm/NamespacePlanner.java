package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.nvdimm.Namespace.Config;
import dev.pgmap.core.pgtable.Geometry;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was asked for into what a namespace will be: region, room, layout, uuid.
 *
 * <p>Changes nothing. Called under the bus lock, so that a plan still holds when it is put into the
 * tables.
 */
final class NamespacePlanner {
  private final List<Region> regions;
  private final Geometry geometry;

  NamespacePlanner(List<Region> regions, Geometry geometry) {
    this.regions = regions;
    this.geometry = geometry;
  }

  /** The region asked for, or the first with room, or the first. */
  Region pickRegion(NamespaceRequest request) {
    if (request.regionId() != null) {
      return region(request.regionId());
    }
    if (regions.isEmpty()) {
      throw new MmException(
          Errno.ENXIO, "create-namespace", "no pmem region", "a machine with pmem", "");
    }
    for (Region region : regions) {
      if (region.maxAvailableExtentBytes() >= Math.max(request.bytes(), region.alignBytes())) {
        return region;
      }
    }
    return regions.getFirst();
  }

  Region region(int id) {
    if (id < 0 || id >= regions.size()) {
      throw new MmException(
          Errno.ENXIO, "region" + id, "no such region", "one of " + regions, "see ndctl list -R");
    }
    return regions.get(id);
  }

  /** A new namespace: ndctl's defaults, but devdax. */
  Config planNew(Region region, NamespaceRequest request) {
    PhysRange room = roomIn(region, request.bytes(), null);
    NamespaceMode mode = request.modeOr(NamespaceMode.DEVDAX);
    PfnSetup setup = layOut(mode, room, request, defaultAlignBytes(), MapLocation.DEV);
    return new Config(mode, room, setup, uuid(request, null), request.altName());
  }

  /** A namespace made anew: what is not asked for stays, but for the uuid. */
  Config planAgain(Region region, Namespace namespace, NamespaceRequest request) {
    Config before = namespace.config();
    PhysRange room = before.range();
    if (request.bytes() != 0 && request.bytes() != room.bytes()) {
      room = roomIn(region, request.bytes(), namespace);
    }
    PfnSetup old = before.setup();
    NamespaceMode mode = request.modeOr(before.mode());
    PfnSetup setup =
        layOut(
            mode,
            room,
            request,
            old == null ? defaultAlignBytes() : old.alignBytes(),
            old == null ? MapLocation.DEV : old.map());
    String altName = request.altName().isEmpty() ? before.altName() : request.altName();
    return new Config(mode, room, setup, uuid(request, namespace), altName);
  }

  /** ndctl's 2 MiB where that can be mapped, else the smallest size above a base page, or that. */
  private long defaultAlignBytes() {
    List<Long> sizes = geometry.mappingBytes();
    return sizes.contains(NamespaceRequest.DEFAULT_ALIGN_BYTES)
        ? NamespaceRequest.DEFAULT_ALIGN_BYTES
        : sizes.get(Math.min(1, sizes.size() - 1));
  }

  private @Nullable PfnSetup layOut(
      NamespaceMode mode,
      PhysRange room,
      NamespaceRequest request,
      long otherwiseAlign,
      MapLocation otherwiseMap) {
    if (mode == NamespaceMode.RAW || (mode == NamespaceMode.FSDAX && request.legacy())) {
      return null;
    }
    return PfnSetup.compute(
        geometry,
        room.start(),
        room.bytes(),
        request.alignOr(otherwiseAlign),
        request.mapOr(otherwiseMap));
  }

  private static PhysRange roomIn(Region region, long bytes, @Nullable Namespace except) {
    if (bytes != 0) {
      region.checkSize(bytes);
    }
    PhysRange room = region.findRoom(bytes, except);
    if (room == null) {
      throw new MmException(
          Errno.ENOSPC,
          region.name(),
          "no space: %s asked for, the largest free extent has %d bytes"
              .formatted(
                  bytes == 0 ? "16777216 bytes or more" : bytes + " bytes",
                  region.maxAvailableExtentBytes()),
          "a free extent of that size",
          "destroy a namespace or ask for less");
    }
    return room;
  }

  private UUID uuid(NamespaceRequest request, @Nullable Namespace owner) {
    UUID uuid = request.uuid();
    if (uuid == null) {
      return UUID.randomUUID();
    }
    for (Region region : regions) {
      for (Namespace namespace : region.namespaces()) {
        if (namespace != owner && namespace.uuid().equals(uuid)) {
          throw new MmException(
              Errno.EINVAL, "--uuid", uuid + ", which " + namespace + " has", "a unique uuid", "");
        }
      }
    }
    return uuid;
  }
}
