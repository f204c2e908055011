package dev.pgmap.plugins.devdax;

import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapRef;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A device that notes what the driver asks of it. */
final class FakeDevice implements DaxDevice {
  final List<String> calls = new ArrayList<>();
  final List<PhysRange> data = new ArrayList<>();
  final List<PhysRange> mapped = new ArrayList<>();
  final long alignBytes;
  boolean alive = true;
  @Nullable AltmapSpec altmap;
  @Nullable PagemapSpec spec;
  @Nullable MappableFile file;

  FakeDevice(long alignBytes, PhysRange... data) {
    this.alignBytes = alignBytes;
    this.data.addAll(List.of(data));
    this.mapped.addAll(List.of(data));
  }

  @Override
  public String name() {
    return "dax0.0";
  }

  @Override
  public long alignBytes() {
    return alignBytes;
  }

  @Override
  public List<Long> mappingBytes() {
    return List.of(4096L, 2L << 20, 1L << 30);
  }

  @Override
  public List<PhysRange> dataRanges() {
    return data;
  }

  @Override
  public List<PhysRange> pagemapRanges() {
    return mapped;
  }

  @Override
  public @Nullable AltmapSpec altmap() {
    return altmap;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public long pgoffToPhys(long pgoff, long bytes) {
    long skip = pgoff << 12;
    for (PhysRange range : data) {
      if (skip < range.bytes()) {
        return skip + bytes <= range.bytes() ? range.start() + skip : -1;
      }
      skip -= range.bytes();
    }
    return -1;
  }

  @Override
  public Pagemap memremap(PagemapSpec wanted, DevPagemapOps ops) {
    calls.add("memremap");
    spec = wanted;
    return new Pagemap() {
      @Override
      public int index() {
        return 1;
      }

      @Override
      public PagemapSpec spec() {
        return wanted;
      }

      @Override
      public PagemapRef ref() {
        throw new UnsupportedOperationException("the driver has no business with the reference");
      }
    };
  }

  @Override
  public void addCdev(MappableFile added) {
    calls.add("addCdev");
    file = added;
  }

  @Override
  public void run() {
    calls.add("run");
  }

  @Override
  public void onDetach(Runnable action) {
    calls.add("onDetach");
  }
}
