package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.read.input.ChunkReader;
import dev.pgmap.trace.ring.Pages;
import java.lang.foreign.MemorySegment;

/** Pages that are in the file as compressed chunks of some pages each. */
final class PackedPages implements Pages {
  private final ChunkReader chunks;
  private final String source;
  private final int pageBytes;
  private int page;
  private int end;

  PackedPages(ChunkReader chunks, CpuRegion region, String source) {
    this.chunks = chunks;
    this.pageBytes = region.pageBytes();
    this.source = "%s, unpacked data of cpu %d".formatted(source, region.cpu());
  }

  @Override
  public boolean next() {
    page += bytes();
    while (page >= end) {
      if (!chunks.next()) {
        return false;
      }
      page = 0;
      end = chunks.rawBytes();
    }
    return true;
  }

  @Override
  public MemorySegment memory() {
    return chunks.chunk();
  }

  @Override
  public long offset() {
    return page;
  }

  @Override
  public int bytes() {
    return Math.min(pageBytes, end - page);
  }

  @Override
  public long place() {
    return chunks.rawPlace() + page;
  }

  @Override
  public String source() {
    return source;
  }
}
