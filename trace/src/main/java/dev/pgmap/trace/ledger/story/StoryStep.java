package dev.pgmap.trace.ledger.story;

import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.refs.PageRefKind;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of a page's count, or several alike in a row by one task.
 *
 * @param number of the first change, from 1
 * @param times how many changes
 * @param kind what happened
 * @param val the amount added, or the value set or expected
 * @param ret the result of the last one; 0 if the kind has none
 * @param first when it happened first, in units of the clock
 * @param last when it happened last
 * @param pid the task
 * @param cpu the cpu
 * @param stack the number of its stack
 * @param moved whether one was moved from its place in the order of stamps
 * @param effects what they did to the ledger; amounts of all taken together
 * @param countKnown whether the count is known afterwards
 * @param count the count afterwards if it is known, else its change since the first step
 * @param heldFromBefore how much of the count is held from before the recording, if that is known
 * @param held what is outstanding afterwards, the latest first
 */
public record StoryStep(
    long number,
    long times,
    PageRefKind kind,
    int val,
    int ret,
    long first,
    long last,
    int pid,
    int cpu,
    int stack,
    boolean moved,
    List<Effect> effects,
    boolean countKnown,
    int count,
    int heldFromBefore,
    List<PageView.Held> held) {
  /** A step. */
  public StoryStep {
    effects = List.copyOf(effects);
    held = List.copyOf(held);
  }

  /** Whether the next change is of the same task and did the same. */
  boolean isLike(StoryStep next) {
    return kind == next.kind
        && val == next.val
        && pid == next.pid
        && stack == next.stack
        && (ret == next.ret || kind == PageRefKind.MOD_AND_RETURN)
        && areAlike(next.effects);
  }

  private boolean areAlike(List<Effect> others) {
    if (effects.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < effects.size(); i++) {
      Effect one = effects.get(i);
      Effect other = others.get(i);
      if (one.what() != other.what()
          || one.kind() != other.kind()
          || one.pid() != other.pid()
          || one.stack() != other.stack()) {
        return false;
      }
    }
    return true;
  }

  /** This and the next one as one step. */
  StoryStep with(StoryStep next) {
    List<Effect> sums = new ArrayList<>();
    for (int i = 0; i < effects.size(); i++) {
      sums.add(effects.get(i).plus(next.effects.get(i)));
    }
    return new StoryStep(
        number,
        times + next.times,
        kind,
        val,
        next.ret,
        first,
        next.last,
        pid,
        next.cpu,
        stack,
        moved || next.moved,
        sums,
        next.countKnown,
        next.count,
        next.heldFromBefore,
        next.held);
  }
}
