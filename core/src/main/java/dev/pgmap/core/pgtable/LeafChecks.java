package dev.pgmap.core.pgtable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import org.jspecify.annotations.Nullable;

/** What a leaf must satisfy, with the errors that say which part it does not. */
final class LeafChecks {
  private LeafChecks() {}

  static void check(Geometry geometry, long address, int level, long entry) {
    if (!isAllowed(geometry, level, entry) || !Pte.isLeaf(entry, level)) {
      throw new MmException(
          Errno.EINVAL,
          "%s entry 0x%x".formatted(Geometry.levelName(level), entry),
          isAllowed(geometry, level, entry) ? "not a leaf" : "a level that has no leaves",
          "a present leaf of " + geometry,
          "");
    }
    if (address < 0 || address >= geometry.userEnd()) {
      throw new MmException(
          Errno.EINVAL, name(address, level), "outside user space", "below the end of it", "");
    }
    long bytes = 1L << geometry.leafShift(level, entry);
    if ((address & (bytes - 1)) != 0) {
      throw misaligned(name(address, level), "address", bytes);
    }
    if ((Pte.pfn(entry) & ((bytes >>> 12) - 1)) != 0) {
      String object = "%s of pfn 0x%x".formatted(name(address, level), Pte.pfn(entry));
      throw misaligned(object, "pfn", bytes);
    }
  }

  static void checkSwap(Geometry geometry, long address, int level, long entry) {
    if (level > Geometry.PMD || !SwapEntry.isSwap(entry)) {
      throw new MmException(
          Errno.EINVAL,
          "%s entry 0x%x".formatted(Geometry.levelName(level), entry),
          level > Geometry.PMD ? "a level without swap-like entries" : "not swap-like",
          "a swap-like entry of the pte or pmd level",
          "");
    }
    if (address < 0
        || address >= geometry.userEnd()
        || (address & (geometry.bytes(level) - 1)) != 0) {
      throw misaligned(name(address, level), "address", geometry.bytes(level));
    }
  }

  static void notOfGroup(long address, int level, long entry) {
    if (Pte.isContiguous(entry)) {
      throw new MmException(
          Errno.EINVAL,
          name(address, level),
          "one entry of a contiguous group",
          "an entry of its own",
          "a group is mapped and cleared as a whole");
    }
  }

  private static boolean isAllowed(Geometry geometry, int level, long entry) {
    return Pte.isContiguous(entry) ? geometry.contiguous(level) > 1 : geometry.leafAllowed(level);
  }

  private static MmException misaligned(String object, String what, long bytes) {
    return new MmException(
        Errno.EINVAL, object, "misaligned " + what, "a multiple of " + bytes + " bytes", "");
  }

  static MmException inTheWay(long address, int level, int foundLevel, long found) {
    String what = Pte.isTable(found, foundLevel) ? "a table" : "a leaf";
    return new MmException(
        Errno.EEXIST,
        name(address, level),
        "%s at %s level in the way".formatted(what, Geometry.levelName(foundLevel)),
        "nothing mapped there",
        "unmap what is there first");
  }

  static void notAcross(@Nullable Leaf leaf, long boundary) {
    if (leaf != null && leaf.address() < boundary) {
      throw across(leaf.address(), leaf.level(), boundary);
    }
  }

  static MmException across(long address, int level, long boundary) {
    return new MmException(
        Errno.EINVAL,
        "%s leaf at 0x%x".formatted(Geometry.levelName(level), address),
        "crosses the end of the range at 0x%x".formatted(boundary),
        "whole leaves",
        "widen the range: leaves are never split");
  }

  private static String name(long address, int level) {
    return "%s leaf at address 0x%x".formatted(Geometry.levelName(level), address);
  }
}
