package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.refs.StackTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes stacks in one line each, for flame graphs: the task, its functions from the outermost to
 * the innermost, and a number.
 *
 * <pre>
 *   gup_test;pin_user_pages_fast;gup_fast;try_grab_folio 512
 * </pre>
 *
 * <p>Keeps each distinct stack, and no events.
 */
public final class CollapsedStacks implements TraceWriter {
  /** What the number counts. */
  public enum Weight {
    /** Events under that stack, of all kinds. */
    EVENTS,
    /** References that were acquired under it and are still held at the end. */
    HELD
  }

  private static final String NO_STACK = "[no stack]";

  private final Weight weight;

  /** Lines with that number. */
  public CollapsedStacks(Weight weight) {
    this.weight = weight;
  }

  @Override
  public void write(TraceSource source, Path target) {
    Map<String, Long> lines = weight == Weight.EVENTS ? events(source) : held(source);
    try (OutputFile out = OutputFile.create(target)) {
      lines.forEach((stack, number) ->
          out.putBytes((stack + " " + number + "\n").getBytes(StandardCharsets.UTF_8)));
      out.commit();
    }
  }

  private static Map<String, Long> events(TraceSource source) {
    StackTable stacks = new StackTable();
    Map<Key, Long> counts = new HashMap<>();
    StackJoin.forEach(
        source,
        new EventIds(source.name(), source.events()),
        stacked -> {
          long[] stack = stacked.stack();
          TraceEvent event = stacked.event();
          int id = stack.length == 0 ? StackTable.NONE : stacks.intern(stack, stack.length, false);
          counts.merge(new Key(event.pid(), id), 1L, Long::sum);
        });
    return lines(source, stacks, counts);
  }

  private static Map<String, Long> held(TraceSource source) {
    PageLedger ledger = PageLedger.of(source, LedgerOptions.standard());
    Map<Key, Long> counts = new HashMap<>();
    ledger.forEachOutstanding(held -> {
      if (held.holding() != Holding.ENGINE) {
        counts.merge(new Key(held.pid(), held.stack()), (long) held.refs(), Long::sum);
      }
    });
    return lines(source, ledger.stacks(), counts);
  }

  /** A task and a stack. */
  private record Key(int pid, int stack) {}

  /** Tasks of one name count together. */
  private static Map<String, Long> lines(
      TraceSource source, StackTable stacks, Map<Key, Long> counts) {
    Map<String, Long> lines = new TreeMap<>();
    counts.forEach((key, count) -> {
      List<String> frames = new ArrayList<>(stacks.names(key.stack, source.symbols()));
      if (frames.isEmpty()) {
        frames.add(NO_STACK);
      }
      frames.add(source.comms().of(key.pid));
      frames.replaceAll(frame -> frame.replace(';', ':').replace('\n', ' '));
      lines.merge(String.join(";", frames.reversed()), count, Long::sum);
    });
    return lines;
  }
}
