package dev.pgmap.trace.ledger.story;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.Change;
import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happened to one page.
 *
 * @param pfn the page
 * @param changes how many changes there were
 * @param beginning the first steps
 * @param omitted how many steps come between and are left out, as there are very many
 * @param end the last steps; empty if the beginning has all
 * @param stacks what {@link StoryStep#stack} numbers
 * @param report what is outstanding at the end
 */
public record PageStory(
    long pfn,
    long changes,
    List<StoryStep> beginning,
    long omitted,
    List<StoryStep> end,
    StackTable stacks,
    LedgerReport report) {
  /** Steps that are kept from the beginning, and as many from the end. */
  public static final int MAX_STEPS = 500;

  /** A story. */
  public PageStory {
    beginning = List.copyOf(beginning);
    end = List.copyOf(end);
  }

  /**
   * The story of a page.
   *
   * @throws TraceException as {@link PageLedger#of}, and if the recording has no change of the page
   */
  public static PageStory of(TraceSource source, LedgerOptions options, long pfn) {
    Collector collector = new Collector();
    PageLedger ledger =
        PageLedger.of(source, options.withPfns(other -> other == pfn), collector::add);
    if (collector.changes == 0) {
      throw new TraceException(
          source.name(),
          "no change of page 0x%x".formatted(pfn),
          "a page of the recording; of a large folio, its head",
          "see which there are with 'trace leaks --by pfn' or 'trace query'");
    }
    collector.flush();
    return new PageStory(
        pfn,
        collector.changes,
        collector.beginning,
        collector.omitted,
        List.copyOf(collector.end),
        ledger.stacks(),
        ledger.report());
  }

  private static final class Collector {
    final List<StoryStep> beginning = new ArrayList<>();
    final Deque<StoryStep> end = new ArrayDeque<>();
    final List<StoryStep> open = new ArrayList<>(1);
    long changes;
    long omitted;

    void add(Change change, List<Effect> effects, PageView page) {
      changes++;
      StoryStep next = step(changes, change, effects, page);
      if (!open.isEmpty() && open.getFirst().isLike(next)) {
        open.set(0, open.getFirst().with(next));
      } else {
        flush();
        open.add(next);
      }
    }

    void flush() {
      if (open.isEmpty()) {
        return;
      }
      StoryStep done = open.removeFirst();
      if (beginning.size() < MAX_STEPS) {
        beginning.add(done);
        return;
      }
      end.addLast(done);
      if (end.size() > MAX_STEPS) {
        end.removeFirst();
        omitted++;
      }
    }

    private static StoryStep step(long number, Change change, List<Effect> effects, PageView page) {
      return new StoryStep(
          number,
          1,
          change.kind(),
          change.val(),
          change.ret(),
          change.stamp(),
          change.stamp(),
          change.pid(),
          change.cpu(),
          change.stack(),
          change.isMoved(),
          effects,
          page.isCountKnown(),
          page.count(),
          page.heldFromBefore(),
          page.held());
    }
  }
}
