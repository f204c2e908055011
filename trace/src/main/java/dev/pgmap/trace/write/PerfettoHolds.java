package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.Change;
import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.HoldKind;
import dev.pgmap.trace.ledger.LedgerListener;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Draws who holds a page: its count as a curve, and a slice for each acquisition from the get to
 * the put that the ledger pairs it with. The put is an instant on its task, and a flow leads there.
 * What is never put stays open, up to the trace's end.
 *
 * <p>Slices of one page go side by side on {@value #MOST_LANES} lanes at most; what a task acquires
 * beyond that under the same stack is added to the slice it has. Of {@value #MOST_PAGES} pages,
 * those that are seen first; that bounds the memory.
 */
final class PerfettoHolds implements LedgerListener {
  static final int MOST_PAGES = 4096;
  static final int MOST_LANES = 64;

  private final PerfettoPackets packets;
  private final Symbols symbols;
  private final Comms comms;
  private final String prefix;
  private final Map<Long, Page> pages = new HashMap<>();
  private final Set<Integer> tasks = new HashSet<>();
  private StackTable stacks = new StackTable();
  private long nextFlow;

  /** A page that is drawn. */
  private static final class Page {
    final long pfn;
    final long track;
    final long counter;
    final List<Hold> holds = new ArrayList<>();
    final List<Long> lanes = new ArrayList<>();
    final BitSet usedLanes = new BitSet();

    /** The ledger may have moved changes: on the page's tracks time does not go back. */
    long stamp;

    Page(long pfn, long track, long counter) {
      this.pfn = pfn;
      this.track = track;
      this.counter = counter;
    }
  }

  /** A slice that is open. */
  private static final class Hold {
    final int lane;
    final long flow;
    final int stack;
    HoldKind kind;
    int pid;
    int amount;

    Hold(Effect effect, int lane, long flow) {
      this.lane = lane;
      this.flow = flow;
      this.stack = effect.stack();
      this.kind = effect.kind();
      this.pid = effect.pid();
      this.amount = effect.amount();
    }

    boolean isOf(HoldKind ofKind, int ofPid, int ofStack) {
      return kind == ofKind && pid == ofPid && stack == ofStack;
    }
  }

  /**
   * Draws the pages of one buffer.
   *
   * @param firstFlow a number that no flow of another buffer has
   */
  PerfettoHolds(PerfettoPackets packets, TraceSource source, String buffer, long firstFlow) {
    this.packets = packets;
    this.symbols = source.symbols();
    this.comms = source.comms();
    this.prefix = buffer.isEmpty() ? "" : buffer + ": ";
    this.nextFlow = firstFlow;
  }

  /** A number that no flow has yet. */
  long nextFlow() {
    return nextFlow;
  }

  @Override
  public void begin(StackTable table) {
    stacks = table;
  }

  @Override
  public void entered(Change change, List<Effect> effects, PageView view) {
    Page page = page(change.pfn());
    if (page == null) {
      return;
    }
    page.stamp = Math.max(page.stamp, change.stamp());
    List<Hold> ended = new ArrayList<>();
    for (Effect effect : effects) {
      switch (effect.what()) {
        case ACQUIRED -> open(page, effect);
        case JOINED -> {
          closeLatest(page, HoldKind.REFERENCE, change.pid(), effect.amount());
          open(page, effect);
        }
        case RELEASED, DROPPED -> close(page, effect, ended);
        case HALF_UNPINNED -> halve(page, change, effect);
        case RELEASED_BEFORE, FROZEN, UNFROZEN, REFUSED, UNDERFLOW, CONTRADICTION ->
            note(page, change, effect);
      }
    }
    if (change.val() < 0) {
      put(page, change, ended);
    }
    count(page, change, view);
  }

  private @Nullable Page page(long pfn) {
    Page page = pages.get(pfn);
    if (page == null && pages.size() < MOST_PAGES) {
      long track = packets.track(prefix + "pfn 0x" + Long.toHexString(pfn), 0);
      page = new Page(pfn, track, packets.counterTrack("count", track));
      pages.put(pfn, page);
    }
    return page;
  }

  private void count(Page page, Change change, PageView view) {
    boolean known = view.isCountKnown() || change.count() == PageRef.NO_COUNT;
    packets
        .begin(PerfettoPackets.COUNTER, page.counter)
        .value(known ? view.count() : change.count())
        .end(page.stamp);
  }

  private void open(Page page, Effect effect) {
    int lane = page.usedLanes.nextClearBit(0);
    if (lane == MOST_LANES) {
      enlarge(page, effect);
      return;
    }
    while (page.lanes.size() <= lane) {
      page.lanes.add(packets.track("holder", page.track));
    }
    page.usedLanes.set(lane);
    Hold hold = new Hold(effect, lane, nextFlow++);
    page.holds.add(hold);
    packets
        .begin(PerfettoPackets.SLICE_BEGIN, page.lanes.get(lane))
        .name(title(effect))
        .address("pfn", page.pfn)
        .annotation("amount", effect.amount())
        .annotation("pid", effect.pid())
        .flow(hold.flow)
        .stack(stacks.names(effect.stack(), symbols))
        .end(page.stamp);
  }

  private String title(Effect effect) {
    String amount = effect.amount() == 1 ? "" : " x" + effect.amount();
    String holder = comms.of(effect.pid()) + "-" + effect.pid();
    return effect.kind().text() + amount + " by " + holder;
  }

  private static void enlarge(Page page, Effect effect) {
    for (Hold hold : page.holds.reversed()) {
      if (hold.isOf(effect.kind(), effect.pid(), effect.stack())) {
        hold.amount += effect.amount();
        return;
      }
    }
  }

  private void close(Page page, Effect effect, List<Hold> ended) {
    int rest = effect.amount();
    for (int i = page.holds.size() - 1; i >= 0 && rest > 0; i--) {
      Hold hold = page.holds.get(i);
      if (hold.isOf(effect.kind(), effect.pid(), effect.stack())) {
        rest -= reduce(page, hold, rest, ended);
      }
    }
  }

  /** Closes what a task acquired last, whatever its stack. */
  private void closeLatest(Page page, HoldKind kind, int pid, int amount) {
    int rest = amount;
    for (int i = page.holds.size() - 1; i >= 0 && rest > 0; i--) {
      Hold hold = page.holds.get(i);
      if (hold.kind == kind && hold.pid == pid) {
        rest -= reduce(page, hold, rest, new ArrayList<>());
      }
    }
  }

  private int reduce(Page page, Hold hold, int most, List<Hold> ended) {
    int taken = Math.min(most, hold.amount);
    hold.amount -= taken;
    if (hold.amount == 0) {
      ended.add(hold);
      page.holds.remove(hold);
      page.usedLanes.clear(hold.lane);
      packets.begin(PerfettoPackets.SLICE_END, page.lanes.get(hold.lane)).end(page.stamp);
    }
    return taken;
  }

  private static void halve(Page page, Change change, Effect effect) {
    int rest = effect.amount();
    for (Hold hold : page.holds.reversed()) {
      if (rest > 0 && hold.isOf(effect.kind(), effect.pid(), effect.stack())) {
        hold.kind = HoldKind.HALF_UNPIN;
        hold.pid = change.pid();
        rest -= hold.amount;
      }
    }
  }

  private void put(Page page, Change change, List<Hold> ended) {
    packets
        .begin(PerfettoPackets.INSTANT, taskTrack(change.pid()))
        .name("put pfn 0x" + Long.toHexString(page.pfn))
        .annotation("val", change.val());
    ended.forEach(hold -> packets.lastOfFlow(hold.flow));
    packets.stack(stacks.names(change.stack(), symbols)).end(page.stamp);
  }

  private long taskTrack(int pid) {
    return tasks.add(pid)
        ? packets.taskTrack(pid, comms.of(pid))
        : PerfettoPackets.taskTrackOf(pid);
  }

  private void note(Page page, Change change, Effect effect) {
    packets
        .begin(PerfettoPackets.INSTANT, page.track)
        .name(effect.what().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .annotation("amount", effect.amount())
        .annotation("pid", change.pid())
        .stack(stacks.names(change.stack(), symbols))
        .end(page.stamp);
  }
}
