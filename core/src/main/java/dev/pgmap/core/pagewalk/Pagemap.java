package dev.pgmap.core.pagewalk;

import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.pgtable.TableWalker;

/** {@code /proc/PID/pagemap}: what each page of an address space is mapped to. Stateless. */
public final class Pagemap {
  private Pagemap() {}

  /**
   * Dumps a range. Takes the mmap lock.
   *
   * @param walker which of the walks does it; both tell the sink the same, but for where holes are
   *     cut
   * @throws MmException EINVAL for an empty range
   */
  @KernelFunction("pagemap_read")
  public static void dump(Mm mm, long start, long end, TableWalker walker, PagemapSink sink) {
    Entries.forEach(mm, start, end, walker, new Encode(mm.context(), sink));
  }

  private record Encode(MmContext context, PagemapSink sink) implements EntrySink {
    @Override
    public void entry(long start, long end, long leafStart, long leafBytes, long entry) {
      long first = PagemapEntry.of(context, entry);
      sink.run(start, end, PagemapEntry.advance(first, start - leafStart >>> 12), leafBytes);
    }

    @Override
    public void hole(long start, long end) {
      sink.run(start, end, 0, 0);
    }
  }

  /** Puts together what belongs together: holes, and leaves of one size and kind in a row. */
  public static final class Merged implements PagemapSink {
    private final PagemapSink sink;
    private long start;
    private long end;
    private long entry;
    private long leafBytes;
    private boolean any;

    /** In front of that sink; {@link #finish} is to be called at the end. */
    public Merged(PagemapSink sink) {
      this.sink = sink;
    }

    @Override
    public void run(long from, long to, long first, long bytes) {
      long expected = entry == 0 ? 0 : PagemapEntry.advance(entry, end - start >>> 12);
      if (any && from == end && bytes == leafBytes && first == expected) {
        end = to;
        return;
      }
      finish();
      start = from;
      end = to;
      entry = first;
      leafBytes = bytes;
      any = true;
    }

    /** Passes on what is left. */
    public void finish() {
      if (any) {
        sink.run(start, end, entry, leafBytes);
      }
      any = false;
    }
  }
}
