package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The records of a perf.data: where the kernel is, the names of tasks, samples, losses. A sample's
 * id is that of its event's format.
 */
final class PerfRecords {
  /** What a sample holds: these, in an order that the kernel fixes. */
  static final long SAMPLE_TYPE =
      1L << 16 // identifier
          | 1L // ip
          | 1L << 1 // tid
          | 1L << 2 // time
          | 1L << 7 // cpu
          | 1L << 8 // period
          | 1L << 5 // call chain
          | 1L << 10; // raw

  private static final int RECORD_MMAP = 1;
  private static final int RECORD_LOST = 2;
  private static final int RECORD_COMM = 3;
  private static final int RECORD_SAMPLE = 9;
  private static final int MISC_KERNEL = 1;
  private static final int HEADER_BYTES = 8;

  /** What ends every record but a sample. */
  private static final int SAMPLE_ID_BYTES = 32;

  private static final int SAMPLE_FIXED_BYTES = HEADER_BYTES + 7 * Long.BYTES;
  private static final long CONTEXT_KERNEL = -128;
  private static final int MOST_FRAMES = 127;

  /** Where x86-64 has its text if a source has no functions. */
  private static final long KERNEL_TEXT = 0xffffffff81000000L;

  private final OutputFile out;
  private final EventIds ids;
  private final Set<EventFormat> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  PerfRecords(OutputFile out, EventIds ids) {
    this.out = out;
    this.ids = ids;
  }

  /** The formats of the samples so far. */
  Set<EventFormat> seen() {
    return seen;
  }

  /** The records that hold for all samples. */
  void begin(TraceSource source) {
    putKernelMap(source.symbols());
    source.comms().byPid().forEach(this::putComm);
  }

  private void putKernelMap(Symbols symbols) {
    long start = symbols.size() == 0 ? KERNEL_TEXT : firstOf(symbols);
    byte[] name = padded("[kernel.kallsyms]_text");
    putHeader(RECORD_MMAP, MISC_KERNEL, HEADER_BYTES + 32 + name.length + SAMPLE_ID_BYTES);
    out.putInt(-1);
    out.putInt(0);
    out.putLong(start);
    out.putLong(-1 - start);
    // An offset other than 0 is where _text was: perf would then move all functions after it.
    out.putLong(0);
    out.putBytes(name);
    putSampleId(0, 0, 0, 0);
  }

  private static long firstOf(Symbols symbols) {
    Long first = symbols.addressOf(symbols.names().getFirst());
    return first == null ? KERNEL_TEXT : first;
  }

  /** Perf has a name of its own for the idle task. */
  private void putComm(int pid, String comm) {
    if (pid == 0) {
      return;
    }
    byte[] name = padded(comm);
    putHeader(RECORD_COMM, 0, HEADER_BYTES + 8 + name.length + SAMPLE_ID_BYTES);
    out.putInt(pid);
    out.putInt(pid);
    out.putBytes(name);
    putSampleId(pid, 0, 0, 0);
  }

  /** An event with its stack, and what was lost before it. */
  void sample(StackedEvent stacked) {
    TraceEvent event = stacked.event();
    int id = ids.of(event.format());
    seen.add(event.format());
    if (event.lost() != 0) {
      putLost(event, id);
    }
    long[] stack = stacked.stack();
    int frames = Math.min(stack.length, MOST_FRAMES);
    int rawBytes = rawBytes(stacked.recordBytes());
    putHeader(
        RECORD_SAMPLE,
        MISC_KERNEL,
        SAMPLE_FIXED_BYTES + (frames + 1) * Long.BYTES + Integer.BYTES + rawBytes);
    out.putLong(id);
    out.putLong(frames == 0 ? 0 : stack[0]);
    out.putInt(event.pid());
    out.putInt(event.pid());
    out.putLong(event.timestamp());
    out.putInt(event.cpu());
    out.putInt(0);
    out.putLong(1);
    putChain(stack, frames);
    out.putInt(rawBytes);
    out.putBytes(stacked.record(), 0, stacked.recordBytes());
    out.putBytes(new byte[rawBytes - stacked.recordBytes()]);
  }

  /** The record and its length together are a multiple of 8. */
  private static int rawBytes(int recordBytes) {
    return (recordBytes + Integer.BYTES + 7 & ~7) - Integer.BYTES;
  }

  private void putChain(long[] stack, int frames) {
    out.putLong(frames + 1L);
    out.putLong(CONTEXT_KERNEL);
    for (int i = 0; i < frames; i++) {
      out.putLong(stack[i]);
    }
  }

  private void putLost(TraceEvent event, int id) {
    putHeader(RECORD_LOST, 0, HEADER_BYTES + 16 + SAMPLE_ID_BYTES);
    out.putLong(id);
    out.putLong(Math.max(1, event.lost()));
    putSampleId(event.pid(), event.timestamp(), event.cpu(), id);
  }

  private void putHeader(int type, int misc, int bytes) {
    out.putInt(type);
    out.putShort(misc);
    out.putShort(bytes);
  }

  private void putSampleId(int pid, long time, int cpu, int id) {
    out.putInt(pid);
    out.putInt(pid);
    out.putLong(time);
    out.putInt(cpu);
    out.putInt(0);
    out.putLong(id);
  }

  /** A text with a NUL at least, up to a multiple of 8. */
  private static byte[] padded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(bytes.length + 8) & ~7];
    System.arraycopy(bytes, 0, padded, 0, bytes.length);
    return padded;
  }
}
