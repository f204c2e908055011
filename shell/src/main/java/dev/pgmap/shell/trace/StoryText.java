package dev.pgmap.shell.trace;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.HoldKind;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.ledger.story.PageStory;
import dev.pgmap.trace.ledger.story.StoryStep;
import dev.pgmap.trace.refs.StackTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** A page's story in plain words. */
final class StoryText {
  private final PageStory story;
  private final StackTable stacks;
  private final Symbols symbols;
  private final Comms comms;
  private final Stamps stamps;
  private final PrintWriter out;

  /** The stack that was printed last: it is not printed again. */
  private int shownStack = StackTable.NONE;

  StoryText(PageStory story, TraceSource source, PrintWriter out) {
    this.story = story;
    this.stacks = story.stacks();
    this.symbols = source.symbols();
    this.comms = source.comms();
    this.stamps = new Stamps(source.clock());
    this.out = out;
  }

  void print() {
    out.printf(
        "page 0x%x: %s of its count%n",
        story.pfn(), story.changes() == 1 ? "1 change" : story.changes() + " changes");
    story.beginning().forEach(this::step);
    if (story.omitted() > 0) {
      out.printf("%n… %d steps left out …%n", story.omitted());
    }
    story.end().forEach(this::step);
    out.println();
    List<StoryStep> last = story.end().isEmpty() ? story.beginning() : story.end();
    out.println("at the end: " + state(last.getLast()));
  }

  private void step(StoryStep step) {
    out.println();
    out.printf(
        "%d. %s  %s on cpu %d  %s%s%n",
        step.number(),
        stamps.at(step.first()),
        task(step.pid()),
        step.cpu(),
        change(step),
        times(step));
    for (Effect effect : step.effects()) {
      out.println("     " + words(effect, step));
    }
    if (step.moved()) {
      out.println("     (moved here from its place in the order of stamps, so that results fit)");
    }
    stack(step.stack());
    out.println("     " + state(step));
  }

  private static String change(StoryStep step) {
    String val =
        switch (step.kind()) {
          case SET, UNFREEZE -> "to " + step.val();
          case FREEZE -> "at " + step.val();
          default -> "%+d".formatted(step.val());
        };
    String ret = step.kind().hasResult() ? " ret=" + step.ret() : "";
    return "%s %s%s".formatted(step.kind().eventName(), val, ret);
  }

  private String times(StoryStep step) {
    return step.times() == 1
        ? ""
        : "  %d times until %s".formatted(step.times(), stamps.at(step.last()));
  }

  private String words(Effect effect, StoryStep step) {
    String amount = LeakWords.amount(effect.amount(), effect.kind());
    return switch (effect.what()) {
      case ACQUIRED -> effect.kind() == HoldKind.PIN ? "pins it: " + amount : "takes " + amount;
      case JOINED -> "second half of a fast pin: that makes " + amount;
      case RELEASED -> "gives back %s %s".formatted(amount, owner(effect, step));
      case RELEASED_BEFORE ->
          "gives back %s held from before the recording, or by somebody unknown".formatted(amount);
      case HALF_UNPINNED -> "first half of releasing %s %s".formatted(amount, owner(effect, step));
      case DROPPED -> "%s of %s is gone with it".formatted(amount, task(effect.pid()));
      case FROZEN -> "freezes the count at zero; nobody can take a reference now";
      case UNFROZEN -> "unfreezes the count";
      case REFUSED -> "is refused: nothing changes";
      case UNDERFLOW -> "WRONG: %s more than anybody holds".formatted(amount);
      case CONTRADICTION ->
          "does not add up: the events before do not explain the result; some are missing";
    };
  }

  private String owner(Effect effect, StoryStep step) {
    String who =
        effect.pid() == step.pid()
            ? "it took itself"
            : "that %s took".formatted(task(effect.pid()));
    String guess = effect.guessed() ? "; a guess: others would fit as well" : "";
    return "%s%s (since %s%s)".formatted(who, in(effect.stack()), stamps.at(effect.since()), guess);
  }

  private String in(int stack) {
    List<String> names = stacks.names(stack, symbols);
    return names.isEmpty() ? "" : " in " + names.getFirst();
  }

  private void stack(int stack) {
    if (stack == shownStack || stack == StackTable.NONE) {
      return;
    }
    shownStack = stack;
    String label = stacks.isHint(stack) ? "called last: " : "stack: ";
    out.println("     " + label + String.join(" < ", stacks.names(stack, symbols)));
  }

  private String state(StoryStep step) {
    String count =
        step.countKnown()
            ? "count " + step.count()
            : "count unknown, %+d since the first change".formatted(step.count());
    String held = step.held().stream().map(this::held).collect(Collectors.joining(", "));
    String before =
        step.heldFromBefore() > 0
            ? "%s%d from before the recording"
                .formatted(held.isEmpty() ? "" : ", ", step.heldFromBefore())
            : "";
    String all = held + before;
    return "%s; %s".formatted(count, all.isEmpty() ? "nothing outstanding" : "held: " + all);
  }

  private String held(PageView.Held held) {
    return "%s by %s%s"
        .formatted(
            LeakWords.amount(held.amount(), held.kind()), task(held.pid()), in(held.stack()));
  }

  private String task(int pid) {
    return pid == Effect.NOBODY ? "somebody" : "%s-%d".formatted(comms.of(pid), pid);
  }
}
