package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a perf.data: each event a sample of its tracepoint, with the stack that follows it as its
 * call chain. Events of all buffers become one stream.
 *
 * <p>{@code perf} finds functions in the kernel it runs on, unless it is told of others. So a
 * second file goes beside the first, {@code TARGET.kallsyms}, for its option {@code --kallsyms}.
 *
 * <p>The file is a header; the records; where the formats are; the formats of the events that occur
 * (perf's tracing data); the number of each, and what perf calls an attribute for each.
 */
public final class PerfDataWriter implements TraceWriter {
  private static final String MAGIC = "PERFILE2";
  private static final int HEADER_BYTES = 104;
  private static final int ATTR_BYTES = 128;
  private static final int SECTION_BYTES = 2 * Long.BYTES;
  private static final long FEATURE_TRACING_DATA = 1L << 1;
  private static final int TYPE_TRACEPOINT = 2;
  private static final int PAGE_BYTES = 4096;

  /** Flags of an attribute: mmap, comm and sample_id_all. */
  private static final long ATTR_FLAGS = 1L << 8 | 1L << 9 | 1L << 18;

  /** A part of the file. */
  private record Section(long offset, long bytes) {}

  /** Where the file with the functions of a perf.data goes. */
  public static Path kallsymsOf(Path target) {
    return target.resolveSibling(target.getFileName() + ".kallsyms");
  }

  @Override
  public void write(TraceSource source, Path target) {
    EventIds ids = new EventIds(source.name(), source.events());
    try (OutputFile out = OutputFile.create(target);
        OutputFile kallsyms = OutputFile.create(kallsymsOf(target))) {
      kallsyms.putBytes(TraceDatParts.kallsyms(source.symbols()).getBytes(StandardCharsets.UTF_8));
      out.putBytes(new byte[HEADER_BYTES]);
      PerfRecords records = new PerfRecords(out, ids);
      records.begin(source);
      StackJoin.forEach(source, ids, records::sample);
      Section data = since(out, HEADER_BYTES);
      EventIds seen = ids.only(records.seen()::contains);
      putTracingData(out, new TraceDatParts(source, seen));
      putHeader(out, putAttributes(out, seen.all()), data);
      kallsyms.commit();
      out.commit();
    }
  }

  private static Section since(OutputFile out, long start) {
    return new Section(start, out.position() - start);
  }

  /** What describes the events is found right behind them. */
  private static void putTracingData(OutputFile out, TraceDatParts parts) {
    byte[] tracing = parts.perfTracingData(PAGE_BYTES).toArray();
    out.putLong(out.position() + SECTION_BYTES);
    out.putLong(tracing.length);
    out.putBytes(tracing);
  }

  private static Section putAttributes(OutputFile out, List<EventFormat> formats) {
    out.padTo(Long.BYTES);
    long ids = out.position();
    formats.forEach(format -> out.putLong(format.id()));
    long start = out.position();
    for (int i = 0; i < formats.size(); i++) {
      putAttribute(out, formats.get(i).id());
      out.putLong(ids + (long) i * Long.BYTES);
      out.putLong(Long.BYTES);
    }
    return since(out, start);
  }

  /** A perf_event_attr; what follows the flags is zero. */
  private static void putAttribute(OutputFile out, int id) {
    long start = out.position();
    out.putInt(TYPE_TRACEPOINT);
    out.putInt(ATTR_BYTES);
    out.putLong(id);
    out.putLong(1);
    out.putLong(PerfRecords.SAMPLE_TYPE);
    out.putLong(0);
    out.putLong(ATTR_FLAGS);
    out.putBytes(new byte[(int) (start + ATTR_BYTES - out.position())]);
  }

  private static void putHeader(OutputFile out, Section attributes, Section data) {
    long[] words = {
      HEADER_BYTES,
      ATTR_BYTES + SECTION_BYTES,
      attributes.offset,
      attributes.bytes,
      data.offset,
      data.bytes,
      0,
      0,
      FEATURE_TRACING_DATA,
      0,
      0,
      0
    };
    Bytes header = new Bytes().put(MAGIC.getBytes(StandardCharsets.US_ASCII));
    for (long word : words) {
      header.putLong(word);
    }
    out.patch(0, header.toArray());
  }
}
