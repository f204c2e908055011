package dev.pgmap.core.nvdimm;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes, erases and finds info blocks on the medium. */
final class InfoBlocks {
  private final PhysicalMemory memory;
  private final KernelLog log;
  private final Geometry geometry;

  InfoBlocks(PhysicalMemory memory, KernelLog log, Geometry geometry) {
    this.geometry = geometry;
    this.memory = memory;
    this.log = log;
  }

  /** Writes the block of a namespace; a raw or legacy one has none. */
  void write(Namespace.Config config) {
    PfnSetup setup = config.setup();
    if (setup != null) {
      byte[] block = new InfoBlock(config.mode(), config.uuid(), setup).encode();
      memory.write(setup.start() + InfoBlock.OFFSET, block, 0, block.length);
    }
  }

  /** Zeroes the block, if there is one; other bytes at its place are data and stay. */
  void erase(PhysRange namespace) {
    long at = namespace.start() + InfoBlock.OFFSET;
    if (!memory.isAllZero(at >>> PageMath.PAGE_SHIFT) && InfoBlock.hasSignature(bytesAt(at))) {
      memory.write(at, new byte[InfoBlock.BYTES], 0, InfoBlock.BYTES);
    }
  }

  private byte[] bytesAt(long at) {
    byte[] bytes = new byte[InfoBlock.BYTES];
    memory.read(at, bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * The blocks of a region, in address order. Looks at every 16 MiB boundary, and after a valid
   * block goes on behind its namespace. A block that cannot be trusted is reported and left alone.
   */
  List<InfoBlock> scan(PhysRange region) {
    List<InfoBlock> found = new ArrayList<>();
    long end = region.end() + 1;
    long at = PageMath.alignUp(region.start(), Region.ALIGN_BYTES);
    while (at + Region.ALIGN_BYTES <= end) {
      Optional<InfoBlock> block = read(at, end - at);
      block.ifPresent(found::add);
      at += block.map(b -> b.setup().bytes()).orElse(Region.ALIGN_BYTES);
    }
    return found;
  }

  private Optional<InfoBlock> read(long start, long maxBytes) {
    long at = start + InfoBlock.OFFSET;
    if (memory.isAllZero(at >>> PageMath.PAGE_SHIFT)) {
      return Optional.empty();
    }
    byte[] bytes = bytesAt(at);
    if (!InfoBlock.hasSignature(bytes)) {
      return Optional.empty();
    }
    Optional<String> defect = InfoBlock.defect(geometry, bytes, start, maxBytes);
    if (defect.isPresent()) {
      log.warn("nd_pmem: info block at 0x%x ignored: %s", at, defect.get());
      return Optional.empty();
    }
    return Optional.of(InfoBlock.decode(geometry, bytes, start));
  }
}
