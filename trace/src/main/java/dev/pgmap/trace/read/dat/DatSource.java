package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.input.BlockUnpacker;
import dev.pgmap.trace.read.input.ByteCursor;
import dev.pgmap.trace.read.input.ChunkReader;
import dev.pgmap.trace.read.input.MappedFile;
import dev.pgmap.trace.read.input.MemoryBudget;
import dev.pgmap.trace.ring.CpuEvents;
import dev.pgmap.trace.ring.MergeCursor;
import dev.pgmap.trace.ring.PageReader;
import dev.pgmap.trace.ring.Pages;
import dev.pgmap.trace.ring.RecordShapes;
import dev.pgmap.trace.ring.RecordView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A trace.dat with ring pages, as a recording. */
final class DatSource implements TraceSource {
  /** What the chunks in memory of all cpus may take together, for a cursor. */
  private static final long MOST_CHUNK_BYTES = 256L << 20;

  /** trace-cmd packs 10 pages into a chunk. */
  private static final int MOST_CHUNK_PAGES = 64;

  private static final int LEAST_CHUNK_LIMIT = 1 << 20;
  private static final int MOST_CHUNK_LIMIT = 1 << 25;

  private final MappedFile file;
  private final DatHeader header;
  private final DatIndex index;
  private final EventTable events;
  private final Comms comms;
  private @Nullable Symbols symbols;

  DatSource(MappedFile file, DatHeader header, DatIndex index) {
    this.file = file;
    this.header = header;
    this.index = index;
    this.events = new EventTable(index.formats());
    this.comms = SavedTexts.comms(text(index.cmdlines()));
    index.longBytes();
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public EventTable events() {
    return events;
  }

  /** Read at first use: a kernel has 200,000 of them, and not every question needs one. */
  @Override
  public synchronized Symbols symbols() {
    if (symbols == null) {
      symbols = SavedTexts.symbols(text(index.kallsyms()));
    }
    return symbols;
  }

  @Override
  public Comms comms() {
    return comms;
  }

  @Override
  public TraceClock clock() {
    TraceClock clock = TraceClock.named(index.clock());
    return index.stamps().scales() ? new TraceClock(clock.name(), true) : clock;
  }

  @Override
  public int nrCpus() {
    return index.nrCpus();
  }

  @Override
  public TraceCursor open() {
    RecordShapes shapes = new RecordShapes(events, header.words());
    MemoryBudget budget = new MemoryBudget(file.name(), MOST_CHUNK_BYTES);
    BlockUnpacker unpacker = new BlockUnpacker(header.codec());
    List<CpuEvents> cpus = new ArrayList<>();
    for (CpuRegion region : index.regions()) {
      Pages pages = pages(region, unpacker, budget);
      PageReader reader = new PageReader(header.words(), index.longBytes(), pages.source());
      cpus.add(new CpuEvents(pages, reader, shapes, index.stamps(), region.buffer(), region.cpu()));
    }
    return new MergeCursor(cpus, new RecordView(header.words(), comms::of));
  }

  private Pages pages(CpuRegion region, BlockUnpacker unpacker, MemoryBudget budget) {
    if (!region.packed()) {
      return new PlainPages(file.memory(), region, file.name());
    }
    // trace-cmd does not count the word in front of the chunks, which says how many there are.
    long end = Math.min(region.offset() + Integer.BYTES + region.bytes(), file.memory().byteSize());
    ByteCursor in =
        new ByteCursor(file.memory(), region.offset(), end, header.words(), file.name(), 0);
    int mostBytes =
        Math.clamp(
            (long) MOST_CHUNK_PAGES * region.pageBytes(), LEAST_CHUNK_LIMIT, MOST_CHUNK_LIMIT);
    return new PackedPages(new ChunkReader(in, unpacker, mostBytes, budget), region, file.name());
  }

  @Override
  public void close() {
    file.close();
  }
}
