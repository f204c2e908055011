package dev.pgmap.trace.record;

import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.sync.CurrentTask;
import dev.pgmap.trace.ring.RingPage;
import dev.pgmap.trace.ring.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What one thread records into: a ring of the kernel's pages, the stack of traced functions, and
 * whom the thread runs as. In a recording, a lane is a cpu.
 *
 * <p>One thread owns a lane; only it calls what writes. When the thread has ended, another one may
 * take the lane over, under the recorder's lock, and goes on where it stopped: stamps never go
 * back. Readers see whole events only, see {@link LaneBuffer}.
 *
 * <p>A record is written in place behind the last one and then published by one store of the page's
 * commit. What happens between is for the writer alone: a record that a filter rejects is simply
 * not published, and the next one is written over it.
 */
public final class Lane {
  private static final int PAGE_BYTES = LaneBuffer.PAGE_BYTES;
  private static final int DATA_BYTES = PAGE_BYTES - RingPage.DATA;
  private static final int PAGE_REF_BYTES = 48;
  private static final int PAGE_REF_RET_BYTES = 52;
  private static final int MIXED_RUN = 32;
  private static final int MAX_DEPTH = 64;
  private static final int HASH_FACTOR = 0x9e3779b1;

  /** pageblock_migratetype of device memory and of RAM here. */
  private static final int MOVABLE = 1;

  private static final VarHandle KEPT;
  private static final VarHandle LOST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      KEPT = lookup.findVarHandle(Lane.class, "kept", long.class);
      LOST = lookup.findVarHandle(Lane.class, "lost", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Recorder recorder;
  private final int cpu;
  private volatile Thread owner;
  private @Nullable CurrentTask task;
  private int pid;

  /** {@link #pid} where a record has it. */
  private long pidBits;

  private volatile LaneBuffer buffer;

  /** Whose page is being written; not {@link #buffer} when that was just replaced. */
  private @Nullable LaneBuffer writing;

  /** The address of the page being written, and where on it the next record goes. */
  private long page;

  private int at = PAGE_BYTES;
  private long stamp;

  /** The same after the record that is being written. */
  private int nextAt;

  private long nextStamp;

  /** Events that were kept, and that were lost for want of room. */
  private long kept;

  private long lost;

  private long lastTick;
  private int runLength;

  /** What a consumer has read, so that nobody is shown it again. */
  private volatile Consumed consumed = Consumed.NOTHING;

  /**
   * A place in the lane.
   *
   * @param kept events before it that were kept
   * @param lost events before it that were lost
   * @param read events before it that consumers have read
   */
  record Consumed(long kept, long lost, long read) {
    static final Consumed NOTHING = new Consumed(0, 0, 0);
  }

  private final int[] functions = new int[MAX_DEPTH];
  private final long[] hashes = new long[MAX_DEPTH + 1];
  private final long[] entryStamps = new long[MAX_DEPTH];
  private int depth;

  Lane(Recorder recorder, int cpu, Thread owner, LaneBuffer buffer) {
    this.recorder = recorder;
    this.cpu = cpu;
    this.owner = owner;
    this.buffer = buffer;
  }

  /** Its number: the cpu that recordings show. */
  public int cpu() {
    return cpu;
  }

  /** The recorder it belongs to. */
  public Recorder recorder() {
    return recorder;
  }

  Thread owner() {
    return owner;
  }

  LaneBuffer buffer() {
    return buffer;
  }

  /** Events that were kept so far. */
  public long kept() {
    return (long) KEPT.getOpaque(this);
  }

  /** Events that were dropped because nothing might be overwritten, or that fit on no page. */
  public long lost() {
    return (long) LOST.getOpaque(this);
  }

  /** Events that a consumer has read. */
  public long read() {
    return consumed.read();
  }

  Consumed consumed() {
    return consumed;
  }

  /** A consumer has read all up to a place; one consumer at a time. */
  void consume(Consumed upTo) {
    consumed = upTo;
  }

  /** When the last event was, in the units of the recorder's clock; for the owner. */
  public long lastStamp() {
    return nextStamp;
  }

  /** The traced functions that the owner is in, as addresses, innermost first; for the owner. */
  public long[] stack() {
    int frames = Math.min(depth, MAX_DEPTH);
    long[] addresses = new long[frames];
    for (int i = 0; i < frames; i++) {
      addresses[i] = Functions.address(functions[frames - 1 - i]);
    }
    return addresses;
  }

  /** Whom the owner ran as when it last recorded. */
  public int pid() {
    return pid;
  }

  /** A new thread takes the lane over; under the recorder's lock, the old owner has ended. */
  void adopt(Thread next) {
    owner = next;
    task = null;
    depth = 0;
  }

  /** Replaces the pages; what was recorded is gone. The owner turns to them at its next event. */
  void replace(LaneBuffer next) {
    buffer = next;
  }

  boolean runsAs(@Nullable CurrentTask current) {
    return task == current;
  }

  void runAs(@Nullable CurrentTask current) {
    task = current;
    pid = current == null ? 0 : current.pid();
    pidBits = (long) pid << 32;
    if (current != null) {
      recorder.note(current.pid(), current.comm());
    }
  }

  private long now() {
    RecordClock clock = recorder.clock();
    if (clock == RecordClock.COUNTER) {
      return recorder.nextCount();
    }
    return clock == RecordClock.MIXED ? mixed() : nanos(clock);
  }

  private long nanos(RecordClock clock) {
    return clock == RecordClock.MONO ? System.nanoTime() : recorder.nanos();
  }

  private long mixed() {
    long tick = recorder.tick();
    if (tick == lastTick && ++runLength < MIXED_RUN) {
      return stamp + 1;
    }
    lastTick = tick;
    runLength = 0;
    return Math.max(stamp + 1, recorder.nanos());
  }

  /**
   * Makes room for a record.
   *
   * @param bytes of the record, a multiple of 4
   * @return where it is to be written, or 0 if there is no room
   */
  private long reserve(int bytes) {
    return reserve(bytes, now());
  }

  private long reserve(int bytes, long now) {
    long delta = now - stamp;
    int next = at + 4 + bytes;
    if (next > PAGE_BYTES
        || bytes > RingPage.SHORT_PAYLOAD
        || delta >= RingPage.DELTA_LIMIT
        || writing != buffer) {
      return reserveSlowly(bytes, now);
    }
    Words.putInt(page + at, bytes >>> 2 | (int) delta << RingPage.TYPE_LEN_BITS);
    nextAt = next;
    nextStamp = now;
    return page + at + 4;
  }

  private long reserveSlowly(int bytes, long now) {
    boolean isLong = bytes > RingPage.SHORT_PAYLOAD;
    int needed = bytes + (isLong ? 8 : 4);
    boolean extend = now - stamp >= RingPage.DELTA_LIMIT;
    if (needed > DATA_BYTES) {
      lost++;
      return 0;
    }
    if (at + needed + (extend ? 8 : 0) > PAGE_BYTES || writing != buffer) {
      if (!turnPage(now)) {
        lost++;
        return 0;
      }
      extend = false;
    }
    long to = page + at;
    if (extend) {
      long delta = now - stamp;
      int low = (int) (delta & RingPage.DELTA_LIMIT - 1);
      Words.putInt(to, RingPage.TYPE_TIME_EXTEND | low << RingPage.TYPE_LEN_BITS);
      Words.putInt(to + 4, (int) (delta >>> RingPage.DELTA_BITS));
      to += 8;
    }
    int delta = extend ? 0 : (int) (now - stamp);
    nextStamp = now;
    nextAt = (int) (to - page) + needed;
    Words.putInt(to, (isLong ? 0 : bytes >>> 2) | delta << RingPage.TYPE_LEN_BITS);
    if (isLong) {
      Words.putInt(to + 4, bytes + 4);
      return to + 8;
    }
    return to + 4;
  }

  private boolean turnPage(long now) {
    LaneBuffer current = buffer;
    if (!recorder.overwrites() && !current.hasRoom()) {
      return false;
    }
    page = current.begin(now, kept, lost);
    writing = current;
    at = RingPage.DATA;
    stamp = now;
    return true;
  }

  private void publish() {
    publish(nextAt, nextStamp);
  }

  private void publish(int next, long now) {
    at = next;
    stamp = now;
    kept++;
    Words.putLongRelease(Words.aligned(page) + RingPage.COMMIT, next - RingPage.DATA);
  }

  private void head(long to, EventSlot slot) {
    Words.putLong(to, slot.id() | pidBits);
  }

  /** Filters, publishes, adds the stack, does what else is to happen. */
  private void finish(EventSlot slot, EventSlot.Plan plan, long record, int bytes) {
    EventSlot.RecordFilter filter = plan.filter();
    if (filter != null && !filter.test(record)) {
      return;
    }
    if (plan.records()) {
      publish();
      if (plan.stack()) {
        writeStack();
      }
    }
    EventSlot.Action action = plan.action();
    if (action != null) {
      action.fired(this, slot, record, bytes);
    }
  }

  /**
   * A page_ref event without a result. What is common, that it is only to be recorded and fits
   * behind the last one, is one straight piece of code: a traced pin makes two events a page.
   */
  void pageRef(EventSlot slot, long pfn, long rec, int val) {
    if (slot.isPlain()) {
      long now = now();
      int next = at + 4 + PAGE_REF_BYTES;
      if (next <= PAGE_BYTES && now - stamp < RingPage.DELTA_LIMIT && writing == buffer) {
        long to = Words.aligned(page) + (at & PAGE_BYTES - 1);
        Words.putInt(to, PAGE_REF_BYTES >>> 2 | (int) (now - stamp) << RingPage.TYPE_LEN_BITS);
        pageRefFields(to + 4, slot, pfn, rec, val);
        publish(next, now);
        return;
      }
      pageRefSlowly(slot, now, pfn, rec, val);
    } else if (slot.plan().isWanted()) {
      pageRefSlowly(slot, now(), pfn, rec, val);
    }
  }

  private void pageRefSlowly(EventSlot slot, long now, long pfn, long rec, int val) {
    long to = reserve(PAGE_REF_BYTES, now);
    if (to != 0) {
      pageRefFields(to, slot, pfn, rec, val);
      finish(slot, slot.plan(), to, PAGE_REF_BYTES);
    }
  }

  /** The same for an event with a result. */
  void pageRef(EventSlot slot, long pfn, long rec, int val, int ret) {
    if (slot.isPlain()) {
      long now = now();
      int next = at + 4 + PAGE_REF_RET_BYTES;
      if (next <= PAGE_BYTES && now - stamp < RingPage.DELTA_LIMIT && writing == buffer) {
        long to = Words.aligned(page) + (at & PAGE_BYTES - 1);
        Words.putInt(to, PAGE_REF_RET_BYTES >>> 2 | (int) (now - stamp) << RingPage.TYPE_LEN_BITS);
        pageRefFields(to + 4, slot, pfn, rec, val);
        Words.putInt(to + 4 + PAGE_REF_BYTES, ret);
        publish(next, now);
        return;
      }
      pageRefSlowly(slot, now, pfn, rec, val, ret);
    } else if (slot.plan().isWanted()) {
      pageRefSlowly(slot, now(), pfn, rec, val, ret);
    }
  }

  private void pageRefSlowly(EventSlot slot, long now, long pfn, long rec, int val, int ret) {
    long to = reserve(PAGE_REF_RET_BYTES, now);
    if (to != 0) {
      pageRefFields(to, slot, pfn, rec, val);
      Words.putInt(to + PAGE_REF_BYTES, ret);
      finish(slot, slot.plan(), to, PAGE_REF_RET_BYTES);
    }
  }

  /** As the kernel's page_ref events: all fields are read after the change, apart from it. */
  private void pageRefFields(long to, EventSlot slot, long pfn, long rec, int val) {
    long from = Words.aligned(rec);
    head(to, slot);
    Words.putLong(to + 8, pfn);
    Words.putLong(to + 16, Words.getLong(from + PageLayout.FLAGS));
    long counts = Words.getLong(from + PageLayout.MAPCOUNT);
    long count = RefWord.raw((int) (counts >>> 32)) & 0xffff_ffffL;
    Words.putLong(to + 24, count | counts << 32);
    Words.putLong(to + 32, Words.getLong(from + PageLayout.MAPPING));
    Words.putLong(to + 40, MOVABLE | (long) val << 32);
  }

  /** Begins a record of numbers; 0 if nothing is to be written. */
  long begin(EventSlot slot) {
    if (!slot.plan().isWanted()) {
      return 0;
    }
    long to = reserve(slot.bytes());
    if (to != 0) {
      head(to, slot);
    }
    return to;
  }

  static void set(long to, EventSlot slot, int field, long value) {
    long address = to + slot.offset(field);
    switch (slot.size(field)) {
      case 8 -> Words.putLong(address, value);
      case 4 -> Words.putInt(address, (int) value);
      case 2 -> Words.putShort(address, (int) value);
      default -> Words.putByte(address, (int) value);
    }
  }

  void end(EventSlot slot, long to) {
    finish(slot, slot.plan(), to, slot.bytes());
  }

  /** {@code trace_marker}: a text of any length that fits on a page; a longer one is cut. */
  public void print(EventSlot slot, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, DATA_BYTES - 32);
    int bytes = slot.bytes() + length + 1 + 3 & ~3;
    EventSlot.Plan plan = slot.plan();
    if (!plan.isWanted()) {
      return;
    }
    long to = reserve(bytes);
    if (to == 0) {
      return;
    }
    head(to, slot);
    Words.putLong(to + 8, callerAddress());
    long body = to + 16;
    MemorySegment.ofAddress(body)
        .reinterpret(bytes - 16L)
        .fill((byte) 0)
        .copyFrom(MemorySegment.ofArray(utf8).asSlice(0, length));
    finish(slot, plan, to, bytes);
  }

  private long callerAddress() {
    return depth == 0 ? 0 : Functions.address(functions[Math.min(depth, MAX_DEPTH) - 1]);
  }

  /** Writes the stack of traced functions as an event of its own. */
  public void writeStack() {
    int frames = Math.min(depth, MAX_DEPTH);
    EventSlot slot = recorder.stackSlot();
    long[] words = recorder.depot().words(hashes[frames], functions, frames);
    int bytes = 16 + words.length * 8;
    long to = reserve(bytes, stamp);
    if (to == 0) {
      return;
    }
    head(to, slot);
    Words.putLong(to + 8, frames);
    for (int i = 0; i < words.length; i++) {
      Words.putLong(to + 16 + i * 8L, words[i]);
    }
    publish();
  }

  /** A traced function begins. */
  void entered(int function) {
    int d = depth++;
    if (d >= MAX_DEPTH) {
      return;
    }
    functions[d] = function;
    hashes[d + 1] = (hashes[d] + function + 1) * HASH_FACTOR;
    FunctionTracing tracing = recorder.functionTracing();
    entryStamps[d] =
        tracing != null && recorder.isOn()
            ? tracing.entered(this, function, d == 0 ? -1 : functions[d - 1], d)
            : 0;
  }

  /** A traced function ends. */
  void exited(int function) {
    int d = --depth;
    if (d < 0) {
      depth = 0;
      return;
    }
    FunctionTracing tracing = recorder.functionTracing();
    if (tracing != null && d < MAX_DEPTH && recorder.isOn()) {
      tracing.exited(this, function, d, entryStamps[d]);
      entryStamps[d] = 0;
    }
  }

  /** How many of the first functions of the stack were recorded when they began. */
  int nrTraced(int depth) {
    int nr = 0;
    for (int i = 0; i < depth; i++) {
      nr += entryStamps[i] != 0 ? 1 : 0;
    }
    return nr;
  }

  /** Whether the owner is in one of these functions. */
  boolean isInOneOf(BitSet wanted) {
    for (int i = 0; i < Math.min(depth, MAX_DEPTH); i++) {
      if (wanted.get(functions[i])) {
        return true;
      }
    }
    return false;
  }

  /** The present time of the lane's clock. */
  long stampNow() {
    return now();
  }
}
