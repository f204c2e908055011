package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.CallTracker;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Goes through a source once and hands each event to whom it concerns. For one thread. */
final class LedgerPass {
  /** What an event is for us. */
  private enum Role {
    CHANGE,
    STACK,
    CALL,
    PGMAP,
    SWITCH,
    OTHER
  }

  private final TraceSource source;
  private final LedgerOptions options;
  private final PageStates pages;
  private final RefSequencer sequencer;
  private final PageRefDecoder decoder;
  private final StackReader stackReader;
  private final CallTracker calls;
  private final WaitTracker waits;
  private final PageRef ref = new PageRef();
  private final Map<EventFormat, Role> roles = new IdentityHashMap<>();

  /**
   * For each cpu, the task that was switched out by its latest event; 0 if it was another event.
   */
  private int[] switchedOut = {};

  private @Nullable EventFormat lastFormat;
  private Role lastRole = Role.OTHER;
  private @Nullable String buffer;
  private int epoch;
  private long gapStamp = Long.MIN_VALUE;
  private long gaps;
  private long lost;
  private long events;
  private long changes;
  private long first;
  private long last;
  private boolean sawStacks;
  private boolean sawCalls;

  LedgerPass(
      TraceSource source,
      LedgerOptions options,
      PageStates pages,
      RefSequencer sequencer,
      StackTable stacks) {
    this.source = source;
    this.options = options;
    this.pages = pages;
    this.sequencer = sequencer;
    this.decoder = new PageRefDecoder(source.events());
    this.stackReader = new StackReader(stacks);
    this.calls = new CallTracker(source.symbols(), stacks);
    this.waits = new WaitTracker(source.symbols(), stacks);
    this.buffer = options.buffer();
  }

  /**
   * Goes through the source.
   *
   * @throws TraceException if it is damaged, has no event that changes a page's count, or several
   *     buffers have and none was chosen
   */
  void run() {
    if (!decoder.hasEvents()) {
      throw new TraceException(
          source.name(),
          "no event that changes a page's count",
          "events of the page_ref system, or lines or probes with pfn and val",
          "see 'trace recipe' for how to record them");
    }
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        take(cursor.event());
      }
    }
    sequencer.flush();
  }

  private void take(TraceEvent event) {
    long stamp = event.timestamp();
    if (events++ == 0) {
      first = stamp;
    }
    last = Math.max(last, stamp);
    if (event.lost() != 0) {
      noteGap(event.lost(), stamp);
    }
    switch (role(event.format())) {
      case CHANGE -> change(event);
      case STACK -> stack(event);
      case CALL -> {
        call(event);
        endStack(event.cpu());
      }
      case PGMAP -> {
        waits.event(event);
        endStack(event.cpu());
      }
      case SWITCH -> {
        endStack(event.cpu());
        switchedOut[event.cpu()] = event.pid();
      }
      case OTHER -> endStack(event.cpu());
    }
    sequencer.advance(stamp);
  }

  private Role role(EventFormat format) {
    if (format != lastFormat) {
      lastFormat = format;
      lastRole = roles.computeIfAbsent(format, this::newRole);
    }
    return lastRole;
  }

  private Role newRole(EventFormat format) {
    if (decoder.decodes(format)) {
      return Role.CHANGE;
    }
    if (StackReader.isStack(format)) {
      return Role.STACK;
    }
    if (CallTracker.isCall(format)) {
      return Role.CALL;
    }
    if (WaitTracker.isPgmapEvent(format)) {
      return Role.PGMAP;
    }
    return format.name().equals("sched_switch") ? Role.SWITCH : Role.OTHER;
  }

  /** Events were lost: no count is known any more, and what is outstanding is not sure. */
  private void noteGap(long nr, long stamp) {
    sequencer.flush();
    epoch++;
    gaps++;
    lost += Math.max(0, nr);
    gapStamp = stamp;
  }

  private void change(TraceEvent event) {
    endStack(event.cpu());
    if (!isOurBuffer(event) || !decoder.decode(event, ref) || !options.pfns().test(ref.pfn())) {
      return;
    }
    changes++;
    int page = pages.claim(ref.pfn(), epoch);
    pages.enter(page, epoch);
    sequencer.add(page, ref, sawCalls ? calls.last(ref.pid()) : StackTable.NONE);
  }

  private boolean isOurBuffer(TraceEvent event) {
    String own = event.buffer();
    if (buffer == null) {
      buffer = own;
    }
    if (own.equals(buffer)) {
      return true;
    }
    if (options.buffer() == null) {
      throw new TraceException(
          source.name(),
          "changes of page counts in the buffers '%s' and '%s'".formatted(buffer, own),
          "those of one buffer",
          "choose one with --buffer");
    }
    return false;
  }

  private void stack(TraceEvent event) {
    int cpu = event.cpu();
    int stack = stackReader.read(event);
    if (cpu < switchedOut.length && switchedOut[cpu] != 0) {
      waits.switchedOut(event.pid(), stack, event.timestamp());
    } else if (stack != StackTable.NONE) {
      sequencer.attachStack(cpu, event.pid(), stack);
      sawStacks = true;
    }
    endStack(cpu);
  }

  private void call(TraceEvent event) {
    sawCalls = true;
    waits.entered(event.pid(), calls.note(event), event.timestamp());
  }

  private void endStack(int cpu) {
    if (cpu >= switchedOut.length) {
      switchedOut = Arrays.copyOf(switchedOut, cpu + 1);
    }
    switchedOut[cpu] = 0;
    sequencer.endStack(cpu);
  }

  /** When events were lost last; what was acquired before is not sure. */
  long gapStamp() {
    return gapStamp;
  }

  /** The latest stamp. */
  long last() {
    return last;
  }

  WaitTracker waits() {
    return waits;
  }

  TraceSummary summary(long nrPages) {
    return new TraceSummary(
        source.name(),
        source.clock(),
        first,
        last,
        events,
        changes,
        nrPages,
        sawStacks,
        sawCalls,
        sequencer.nrMoved(),
        gaps,
        lost,
        pages.forgotten());
  }
}
