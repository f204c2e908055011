package dev.pgmap.trace.record;

import dev.pgmap.core.sync.Sync;
import dev.pgmap.trace.event.EventFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one machine: its lanes, and what is switched on.
 *
 * <p>Thread-safe. Setters take effect at the next event of each lane.
 */
public final class Recorder implements AutoCloseable {
  /** Threads that can record at the same time; events of more are counted, and not kept. */
  public static final int MAX_LANES = 64;

  /** Events that a JVM can number. */
  public static final int MAX_EVENTS = 1024;

  /** Pages of a lane unless told otherwise: the kernel's 1408 KiB. */
  public static final int DEFAULT_PAGES = 352;

  private final Sync sync;
  private final Functions functions;
  private final EventSlot stackSlot;
  private final StackDepot depot = new StackDepot();
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final Map<Integer, String> comms = new ConcurrentHashMap<>();
  private final AtomicLong counter = new AtomicLong();
  private final AtomicLong withoutLane = new AtomicLong();
  private final Ticker ticker = new Ticker();

  /** Written before code that names the number is woven; so writers need no fence to read it. */
  private final EventSlot[] slots = new EventSlot[MAX_EVENTS];

  private volatile RecordClock clock = RecordClock.LOCAL;
  private volatile boolean on = true;
  private volatile boolean overwrites = true;
  private volatile boolean stackWanted;
  private volatile @Nullable FunctionTracing functionTracing;
  private volatile int pagesPerLane = DEFAULT_PAGES;

  /**
   * A recorder for the machine of that {@code sync}; from now on its threads find it.
   *
   * @param stackFormat {@code ftrace:kernel_stack}
   * @throws IllegalStateException if the machine has one already
   */
  public Recorder(Sync sync, Functions functions, EventFormat stackFormat) {
    this.sync = sync;
    this.functions = functions;
    this.stackSlot = new EventSlot(stackFormat);
    Recorders.add(sync, this);
  }

  /**
   * Adds an event; the same number for the same event in all recorders.
   *
   * @throws IllegalStateException if there are {@link #MAX_EVENTS}
   */
  public synchronized EventSlot add(int number, EventFormat format) {
    if (number >= MAX_EVENTS) {
      throw new IllegalStateException("more than " + MAX_EVENTS + " events");
    }
    EventSlot slot = new EventSlot(format);
    slot.recorderIs(on, stackWanted);
    slots[number] = slot;
    return slot;
  }

  @Nullable EventSlot slot(int number) {
    return slots[number];
  }

  EventSlot stackSlot() {
    return stackSlot;
  }

  StackDepot depot() {
    return depot;
  }

  /** The functions that stacks and the function tracers name. */
  public Functions functions() {
    return functions;
  }

  /** {@code tracing_on}. */
  public boolean isOn() {
    return on;
  }

  /** Switches recording as a whole, quickly: nothing is woven or unwoven. */
  public synchronized void turn(boolean next) {
    on = next;
    tellSlots();
  }

  private void tellSlots() {
    for (EventSlot slot : slots) {
      if (slot != null) {
        slot.recorderIs(on, stackWanted);
      }
    }
  }

  /** Whether the oldest events give way to new ones; else new ones are lost. */
  public boolean overwrites() {
    return overwrites;
  }

  /** Sets what happens when a ring is full. */
  public void overwrite(boolean next) {
    overwrites = next;
  }

  /** Whether every event is followed by its stack. */
  public boolean isStackWanted() {
    return stackWanted;
  }

  /** Sets whether every event is followed by its stack. */
  public synchronized void wantStacks(boolean next) {
    stackWanted = next;
    tellSlots();
  }

  @Nullable FunctionTracing functionTracing() {
    return functionTracing;
  }

  /** Sets the function tracer; null for none. */
  public void traceFunctions(@Nullable FunctionTracing next) {
    functionTracing = next;
  }

  /** The clock in use. */
  public RecordClock clock() {
    return clock;
  }

  /** Sets the clock, and empties the rings: stamps of two clocks cannot be compared. */
  public synchronized void clock(RecordClock next) {
    if (next == clock) {
      return;
    }
    if (next == RecordClock.MIXED) {
      ticker.start();
    } else {
      ticker.stop();
    }
    clock = next;
    resize(pagesPerLane);
  }

  long nextCount() {
    return counter.incrementAndGet();
  }

  /** Nanoseconds since the machine booted. */
  public long nanos() {
    return sync.clock().nanos();
  }

  long tick() {
    return ticker.now();
  }

  void note(int pid, String comm) {
    comms.put(pid, comm);
  }

  /** The names of the tasks that recorded, by pid. */
  public Map<Integer, String> comms() {
    return Map.copyOf(comms);
  }

  /** The name of a task that recorded; null if it has not. Allocates nothing. */
  public @Nullable String comm(int pid) {
    return comms.get(pid);
  }

  /** The cpu of the calling thread: its lane's number, or 0 if it has none here. */
  public int currentCpu() {
    Lane lane = Recorders.lane();
    return lane != null && lane.recorder() == this ? lane.cpu() : 0;
  }

  /**
   * Gives each lane an empty ring in place of the one it has, without waiting for anybody; an event
   * that is being written goes into the old one.
   *
   * @return the old rings
   */
  public synchronized TakenRings swap() {
    TakenRings taken = new TakenRings(lanes);
    resize(pagesPerLane);
    return taken;
  }

  /** The lanes by cpu. */
  public List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  /** Pages of each lane. */
  public int pagesPerLane() {
    return pagesPerLane;
  }

  /** Gives each lane that many pages, all empty; what was recorded is gone. */
  public synchronized void resize(int nrPages) {
    pagesPerLane = nrPages;
    for (Lane lane : lanes) {
      lane.replace(new LaneBuffer(nrPages));
    }
  }

  /** Events that were lost because more than {@link #MAX_LANES} threads recorded at a time. */
  public long withoutLane() {
    return withoutLane.get();
  }

  /** A lane for a thread: the one it has, one whose thread has ended, or a new one. */
  synchronized @Nullable Lane lane(Thread thread) {
    @Nullable Lane free = null;
    for (Lane lane : lanes) {
      if (lane.owner().equals(thread)) {
        return lane;
      }
      if (free == null && !lane.owner().isAlive()) {
        free = lane;
      }
    }
    if (free != null) {
      free.adopt(thread);
      return free;
    }
    if (lanes.size() == MAX_LANES) {
      withoutLane.incrementAndGet();
      return null;
    }
    Lane lane = new Lane(this, lanes.size(), thread, new LaneBuffer(pagesPerLane));
    lanes.add(lane);
    return lane;
  }

  /** Records a text of the calling thread, if it belongs to this machine. */
  public void print(EventSlot slot, String text) {
    Lane lane = Recorders.lane();
    if (lane != null && lane.recorder() == this) {
      lane.print(slot, text);
    }
  }

  /** Records the stack of the calling thread, if it belongs to this machine and recording is on. */
  public void writeStack() {
    Lane lane = Recorders.lane();
    if (on && lane != null && lane.recorder() == this) {
      lane.writeStack();
    }
  }

  /** Stops recording this machine. */
  @Override
  public synchronized void close() {
    on = false;
    functionTracing = null;
    for (EventSlot slot : slots) {
      if (slot != null) {
        slot.enable(false);
        slot.onFire(null);
      }
    }
    ticker.stop();
    Recorders.remove(sync);
  }
}
