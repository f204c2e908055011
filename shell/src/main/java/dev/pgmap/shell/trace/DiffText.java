package dev.pgmap.shell.trace;

import dev.pgmap.trace.diff.PageClass;
import dev.pgmap.trace.diff.Pair;
import dev.pgmap.trace.diff.Pair.Amount;
import dev.pgmap.trace.diff.Side;
import dev.pgmap.trace.diff.Step;
import dev.pgmap.trace.diff.TraceDiff;
import dev.pgmap.trace.diff.Turn;
import dev.pgmap.trace.ledger.PfnRanges;
import dev.pgmap.trace.ledger.TraceSummary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A difference for a person: the verdict, what differs, and what could not be compared. */
final class DiffText {
  private static final int MAX_ROWS = 12;
  private static final int MAX_TURNS = 5;
  private static final int MAX_RANGES = 4;

  /** Steps that are shown of a long sequence before the first difference. */
  private static final int MAX_STEPS = 6;

  private final TraceDiff diff;
  private final boolean all;
  private final PrintWriter out;

  DiffText(TraceDiff diff, boolean all, PrintWriter out) {
    this.diff = diff;
    this.all = all;
    this.out = out;
  }

  void print() {
    out.println(diff.hasDifferences() ? "the recordings differ" : "no difference");
    recording(Side.A, diff.a().summary());
    recording(Side.B, diff.b().summary());
    turns();
    rows("outstanding at the end (pages, amount)", diff.held(), DiffText::both);
    rows("went wrong, or waits (times, amount)", diff.wrong(), DiffText::both);
    rows(
        diff.stacks()
            ? "changes of counts by stack (times, references)"
            : "changes of counts (times, references)",
        diff.changes(),
        DiffText::both);
    rows("calls", diff.calls(), DiffText::times);
    rows("events", diff.events(), DiffText::times);
    notes();
  }

  private void recording(Side side, TraceSummary summary) {
    Stamps stamps = new Stamps(summary.clock());
    out.printf(
        "%s  %s: %d events in %s, %d changes of %s%n",
        side,
        summary.source(),
        summary.events(),
        stamps.span(summary.last() - summary.first()),
        summary.changes(),
        LeakWords.pages(summary.pages()));
  }

  private interface Shown {
    String of(Amount amount);
  }

  private static String both(Amount amount) {
    return amount.times() == 0 && amount.refs() == 0
        ? "-"
        : "%d, %d".formatted(amount.times(), amount.refs());
  }

  private static String times(Amount amount) {
    return amount.times() == 0 ? "-" : Long.toString(amount.times());
  }

  private void rows(String title, List<Pair> pairs, Shown shown) {
    if (pairs.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    int most = all ? pairs.size() : Math.min(MAX_ROWS, pairs.size());
    out.printf("  %14s  %14s%n", Side.A, Side.B);
    for (Pair pair : pairs.subList(0, most)) {
      out.printf("  %14s  %14s  %s%n", shown.of(pair.a()), shown.of(pair.b()), pair.what());
    }
    if (most < pairs.size()) {
      out.printf("  and %d more; --all shows them%n", pairs.size() - most);
    }
  }

  private void turns() {
    out.println();
    out.printf(
        "%s went through the same in both%s%n",
        LeakWords.pages(diff.same()),
        diff.sameClasses() > 1 ? ", in %d different ways".formatted(diff.sameClasses()) : "");
    int most = all ? diff.turns().size() : Math.min(MAX_TURNS, diff.turns().size());
    diff.turns().subList(0, most).forEach(this::turn);
    if (most < diff.turns().size()) {
      List<Turn> more = diff.turns().subList(most, diff.turns().size());
      long pages = more.stream().mapToLong(Turn::pages).sum();
      out.printf("and %s in %d more ways; --all shows them%n", LeakWords.pages(pages), more.size());
    }
  }

  private void turn(Turn turn) {
    PageClass inA = turn.inA();
    PageClass inB = turn.inB();
    out.println();
    if (inA == null || inB == null) {
      alone(turn, inA == null ? Side.B : Side.A, inA == null ? inB : inA);
      return;
    }
    out.printf("%s did not go the same way%n", LeakWords.pages(turn.pages()));
    pages(Side.A, inA.a(), turn.pages());
    pages(Side.B, inB.b(), turn.pages());
    common(inA.steps().subList(0, turn.common()));
    step(Side.A, inA.steps(), turn.common(), turn.stackA());
    step(Side.B, inB.steps(), turn.common(), turn.stackB());
  }

  private void alone(Turn turn, Side side, @Nullable PageClass own) {
    if (own == null) {
      return;
    }
    out.printf("%s more in %s, with no counterpart%n", LeakWords.pages(turn.pages()), side);
    pages(side, side == Side.A ? own.a() : own.b(), turn.pages());
    out.printf("  %s  %s%n", side, String.join("  ", shortened(own.steps())));
  }

  private void pages(Side side, PfnRanges pfns, long nrPages) {
    String some = pfns.nrPages() > nrPages ? "%d of ".formatted(nrPages) : "";
    out.printf("  pages of %s  %s%s%n", side, some, pfns.text(MAX_RANGES));
  }

  private void common(List<Step> steps) {
    if (steps.isEmpty()) {
      out.println("  differ from the first change on:");
      return;
    }
    out.printf("  alike      %s%n", String.join("  ", shortened(steps)));
    out.printf("  then (change %d)%n", steps.size() + 1);
  }

  private void step(Side side, List<Step> steps, int at, String stack) {
    if (at >= steps.size()) {
      out.printf("    %s  nothing more%n", side);
      return;
    }
    String rest = rest(steps.subList(at + 1, steps.size()));
    out.printf(
        "    %s  %s%s%s%n",
        side, steps.get(at).text(), stack.isEmpty() ? "" : " in " + stack, rest);
  }

  private static String rest(List<Step> steps) {
    return steps.isEmpty() ? "" : ", and %d more".formatted(steps.size());
  }

  /** Steps with repetitions folded; of many, the last. */
  private static List<String> shortened(List<Step> steps) {
    List<String> texts = folded(steps);
    if (texts.size() <= MAX_STEPS) {
      return texts;
    }
    List<String> last = new ArrayList<>(texts.subList(texts.size() - MAX_STEPS, texts.size()));
    last.addFirst("...");
    return last;
  }

  private static List<String> folded(List<Step> steps) {
    List<String> texts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= steps.size(); i++) {
      if (i == steps.size() || !steps.get(i).equals(steps.get(from))) {
        texts.add(steps.get(from).text() + (i - from > 1 ? "x" + (i - from) : ""));
        from = i;
      }
    }
    return texts;
  }

  private void notes() {
    List<String> notes = new ArrayList<>();
    lost(notes, Side.A, diff.a().summary());
    lost(notes, Side.B, diff.b().summary());
    if (!diff.stacks()) {
      notes.add("stacks were not compared: not both recordings have some");
    }
    tooLong(notes, Side.A, diff.tooLongA());
    tooLong(notes, Side.B, diff.tooLongB());
    if (!notes.isEmpty()) {
      out.println();
      notes.forEach(note -> out.println("note: " + note));
    }
  }

  private static void lost(List<String> notes, Side side, TraceSummary summary) {
    if (summary.gaps() > 0) {
      notes.add(
          "%s lost events %d times (%d counted): what it seems not to have done may be lost"
              .formatted(side, summary.gaps(), summary.lost()));
    }
  }

  private static void tooLong(List<String> notes, Side side, long pages) {
    if (pages > 0) {
      notes.add(
          "%s of %s went through too much to be compared; choose some with --pfn"
              .formatted(LeakWords.pages(pages), side));
    }
  }
}
