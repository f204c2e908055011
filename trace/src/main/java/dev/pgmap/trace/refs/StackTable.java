package dev.pgmap.trace.refs;

import dev.pgmap.trace.event.Symbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Each stack once, by a small number. Grows with the number of distinct stacks. For one thread.
 *
 * <p>A stack is either recorded, or a hint: the functions of the task that were traced last, which
 * may have returned before.
 */
public final class StackTable {
  /** No stack. */
  public static final int NONE = 0;

  /** What a stack shows that no symbol is known for. */
  private static final String FRAME_PREFIX = "0x";

  /** An address further into a function than this is in another one, which has no symbol. */
  private static final long MAX_OFFSET = 1 << 16;

  private static final int LOAD_FACTOR = 2;

  /** Frames of all stacks, one after the other. */
  private long[] frames = new long[256];

  /** Where the frames of each stack begin; one more than there are stacks. */
  private int[] starts = new int[64];

  private boolean[] hints = new boolean[64];
  private int size = 1;

  /** Numbers of stacks by hash; 0 is an empty place. */
  private int[] table = new int[128];

  /**
   * The number of a stack; a new one if it is new.
   *
   * @param from addresses, innermost first, of which the first {@code nr} count
   * @param hint whether these are functions traced last rather than a recorded stack
   */
  public int intern(long[] from, int nr, boolean hint) {
    int at = hash(from, nr, hint) & table.length - 1;
    while (table[at] != 0) {
      if (equals(table[at], from, nr, hint)) {
        return table[at];
      }
      at = at + 1 & table.length - 1;
    }
    int id = append(from, nr, hint);
    table[at] = id;
    if (size * LOAD_FACTOR > table.length) {
      rehash();
    }
    return id;
  }

  /** One more than the largest number given out. */
  public int size() {
    return size;
  }

  /** Whether a stack is made of functions traced last. */
  public boolean isHint(int id) {
    return hints[id];
  }

  /** The addresses of a stack, innermost first. */
  public long[] frames(int id) {
    return id == NONE ? new long[0] : Arrays.copyOfRange(frames, starts[id], starts[id + 1]);
  }

  /**
   * The functions of a stack, innermost first, without those of the tracer itself; an address that
   * no symbol covers is shown as such.
   */
  public List<String> names(int id, Symbols symbols) {
    List<String> names = new ArrayList<>();
    for (long address : frames(id)) {
      String name = symbols.offsetOf(address) > MAX_OFFSET ? null : symbols.nameOf(address);
      if (names.isEmpty() && name != null && isTracer(name)) {
        continue;
      }
      names.add(name == null ? FRAME_PREFIX + Long.toHexString(address) : name);
    }
    return names;
  }

  private static boolean isTracer(String name) {
    return name.startsWith("__page_ref_")
        || name.startsWith("trace_event_")
        || name.startsWith("__traceiter_")
        || name.startsWith("__ftrace_trace_stack")
        || name.startsWith("perf_trace_")
        || name.startsWith("stack_trace_");
  }

  private int append(long[] from, int nr, boolean hint) {
    int id = size++;
    if (size + 1 > starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
      hints = Arrays.copyOf(hints, hints.length * 2);
    }
    int start = starts[id];
    if (start + nr > frames.length) {
      frames = Arrays.copyOf(frames, Math.max(frames.length * 2, start + nr));
    }
    System.arraycopy(from, 0, frames, start, nr);
    starts[id + 1] = start + nr;
    hints[id] = hint;
    return id;
  }

  private void rehash() {
    table = new int[table.length * 2];
    for (int id = 1; id < size; id++) {
      long[] own = frames(id);
      int at = hash(own, own.length, hints[id]) & table.length - 1;
      while (table[at] != 0) {
        at = at + 1 & table.length - 1;
      }
      table[at] = id;
    }
  }

  private boolean equals(int id, long[] from, int nr, boolean hint) {
    return hints[id] == hint && Arrays.equals(frames, starts[id], starts[id + 1], from, 0, nr);
  }

  private static int hash(long[] from, int nr, boolean hint) {
    long hash = hint ? 1 : 0;
    for (int i = 0; i < nr; i++) {
      hash = (hash + from[i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }
}
