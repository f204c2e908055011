package dev.pgmap.trace.replay;

import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefUnderflow;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.PageRefKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the recorded changes of counts to the engine's own pages, one by one.
 *
 * <p>A step differs if the engine of this era never makes such a change to such a page, if it
 * refuses it, or if the result or the count after it is another one. What was held when the
 * recording began is taken as given. The count that an event shows is compared where one cpu
 * recorded; of several cpus only results are, as the order of stamps need not be the order of what
 * happened.
 */
public final class Replayer {
  /** Steps that were the same, and the first that was not, if any. */
  public record Result(long steps, @Nullable Divergence divergence) {}

  private final Machine machine;
  private final PageRefs refs;
  private final Set<CountChange> vocabulary;
  private final Map<Long, Boolean> seen = new HashMap<>();

  /**
   * A replayer.
   *
   * @param machine whose first device has the recorded pages, and nobody uses it
   * @param device the node of that device
   */
  public Replayer(Machine machine, NotedPageRefs refs, AddressSpace device) {
    this.machine = machine;
    this.refs = refs;
    this.vocabulary = new EraProbe(machine, refs).probe(device);
  }

  /**
   * Replays a recording until the first difference.
   *
   * @param wanted which pages
   */
  public Result replay(TraceSource source, LongPredicate wanted) {
    PageRefDecoder decoder = new PageRefDecoder(source.events());
    PageRef change = new PageRef();
    boolean countsAreSure = source.nrCpus() == 1;
    long step = 0;
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        if (!decoder.decode(cursor.event(), change) || !wanted.test(change.pfn())) {
          continue;
        }
        step++;
        String difference = apply(change, countsAreSure);
        if (difference != null) {
          return new Result(step - 1, divergence(step, cursor.event(), change, difference));
        }
      }
    }
    return new Result(step, null);
  }

  private static Divergence divergence(
      long step, TraceEvent event, PageRef change, String difference) {
    String count = change.count() == PageRef.NO_COUNT ? "not told" : "" + change.count();
    String recorded =
        "%s(%+d)%s, count after %s"
            .formatted(
                change.kind().shortName(),
                change.val(),
                change.kind().hasResult() ? " ret=" + change.ret() : "",
                count);
    return new Divergence(
        step,
        event.timestamp(),
        event.comm() + "-" + event.pid(),
        change.pfn(),
        recorded,
        difference);
  }

  /** Null if the engine did the same. */
  private @Nullable String apply(PageRef change, boolean countsAreSure) {
    long pfn = change.pfn();
    long head = machine.structPages().headPfn(pfn);
    if (head != pfn) {
      return "0x%x is a tail page of 0x%x here, %s".formatted(pfn, head, state(head));
    }
    long rec = machine.structPages().record(pfn);
    if (change.kind() == PageRefKind.SET) {
      return set(change, rec);
    }
    if (seen.putIfAbsent(pfn, true) == null) {
      takeWhatWasHeld(change, rec);
    }
    boolean large = machine.structPages().order(pfn) > 0;
    CountChange kind = CountChange.of(change.kind(), change.val(), large);
    if (!vocabulary.contains(kind)) {
      return "this era never does %s to such a page, but %s; %s"
          .formatted(kind, alternatives(kind), state(pfn));
    }
    int ret;
    try {
      ret = change(change, rec);
    } catch (RefUnderflow e) {
      return "refused: %s; %s".formatted(e.getMessage(), state(pfn));
    }
    if (change.kind().hasResult() && ret != change.ret()) {
      return "ret=%d; %s".formatted(ret, state(pfn));
    }
    return countsAreSure && change.count() != PageRef.NO_COUNT && change.count() != refs.count(rec)
        ? state(pfn)
        : null;
  }

  private List<String> alternatives(CountChange kind) {
    return vocabulary.stream()
        .filter(known -> known.kind() != PageRefKind.SET)
        .filter(known ->
            known.amount().name().startsWith("MINUS") == kind.amount().name().startsWith("MINUS"))
        .map(CountChange::toString)
        .toList();
  }

  /** A page that is made: the engine made its own when the device came online. */
  private @Nullable String set(PageRef change, long rec) {
    boolean first = seen.putIfAbsent(change.pfn(), true) == null;
    int count = refs.count(rec);
    if (first && count != change.val()) {
      return "the page is made with count %d; %s".formatted(count, state(change.pfn()));
    }
    if (!first) {
      refs.set(change.pfn(), rec, change.val(), RefWord.hasBase(refs.word(rec)));
    }
    return null;
  }

  private void takeWhatWasHeld(PageRef change, long rec) {
    if (change.count() == PageRef.NO_COUNT) {
      return;
    }
    boolean changed = change.kind() != PageRefKind.MOD_UNLESS || change.ret() != 0;
    int before = change.count() - (changed ? change.val() : 0);
    int held = before - refs.count(rec);
    if (held > 0) {
      refs.mod(change.pfn(), rec, held);
    }
  }

  private int change(PageRef change, long rec) {
    long pfn = change.pfn();
    int val = change.val();
    return switch (change.kind()) {
      case MOD -> {
        refs.mod(pfn, rec, val);
        yield 0;
      }
      case MOD_AND_TEST -> {
        int word = refs.word(rec);
        boolean base = val == -1 && RefWord.hasBase(word) && RefWord.isIdle(word);
        boolean zero = base ? refs.dropBase(pfn, rec) : refs.modAndTest(pfn, rec, val);
        yield zero ? 1 : 0;
      }
      case MOD_AND_RETURN -> refs.modAndReturn(pfn, rec, val);
      case MOD_UNLESS -> refs.modUnless(pfn, rec, val) ? 1 : 0;
      case FREEZE -> refs.freeze(pfn, rec, val) ? 1 : 0;
      case UNFREEZE -> {
        refs.unfreeze(pfn, rec, val);
        yield 0;
      }
      case SET -> throw new AssertionError();
    };
  }

  private String state(long pfn) {
    int word = refs.word(machine.structPages().record(pfn));
    return "count %d: %d held by users, %s"
        .formatted(
            RefWord.raw(word),
            RefWord.users(word),
            RefWord.hasBase(word) ? "1 by the engine itself" : "none by the engine itself");
  }
}
