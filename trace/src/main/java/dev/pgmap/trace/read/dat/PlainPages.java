package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.ring.Pages;
import java.lang.foreign.MemorySegment;

/** Pages that are in the file as they are. */
final class PlainPages implements Pages {
  private final MemorySegment file;
  private final String source;
  private final int pageBytes;
  private final long end;
  private long page;
  private long nextPage;

  PlainPages(MemorySegment file, CpuRegion region, String source) {
    this.file = file;
    this.source = source;
    this.pageBytes = region.pageBytes();
    this.nextPage = region.offset();
    this.end = region.offset() + region.bytes();
  }

  @Override
  public boolean next() {
    page = nextPage;
    nextPage += bytes();
    return page < end;
  }

  @Override
  public MemorySegment memory() {
    return file;
  }

  @Override
  public long offset() {
    return page;
  }

  @Override
  public int bytes() {
    return (int) Math.min(pageBytes, end - page);
  }

  @Override
  public long place() {
    return page;
  }

  @Override
  public String source() {
    return source;
  }
}
