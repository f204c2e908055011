package dev.pgmap.trace.record;

import org.jspecify.annotations.Nullable;

/**
 * What woven code calls. All methods return at once if the event is not wanted on this machine;
 * they allocate nothing and throw nothing. {@code event} is the number that the event has in {@link
 * Recorder#add}.
 */
public final class Emit {
  private Emit() {}

  private static @Nullable EventSlot slot(Lane lane, int event) {
    return lane.recorder().slot(event);
  }

  /** A change of a page's count that has no result. */
  public static void pageRef(int event, long pfn, long rec, int val) {
    Lane lane = Recorders.lane();
    if (lane != null) {
      EventSlot slot = slot(lane, event);
      if (slot != null) {
        lane.pageRef(slot, pfn, rec, val);
      }
    }
  }

  /** A change of a page's count with its result. */
  public static void pageRef(int event, long pfn, long rec, int val, int ret) {
    Lane lane = Recorders.lane();
    if (lane != null) {
      EventSlot slot = slot(lane, event);
      if (slot != null) {
        lane.pageRef(slot, pfn, rec, val, ret);
      }
    }
  }

  /**
   * An event of up to 12 numbers.
   *
   * @param nrFields how many of the values count, from {@code a} on
   */
  public static void event(
      int event,
      int nrFields,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k,
      long l) {
    Lane lane = Recorders.lane();
    EventSlot slot = lane == null ? null : slot(lane, event);
    if (lane == null || slot == null) {
      return;
    }
    long to = lane.begin(slot);
    if (to == 0) {
      return;
    }
    if (nrFields > 0) {
      Lane.set(to, slot, 0, a);
    }
    if (nrFields > 1) {
      Lane.set(to, slot, 1, b);
    }
    if (nrFields > 2) {
      Lane.set(to, slot, 2, c);
    }
    if (nrFields > 3) {
      Lane.set(to, slot, 3, d);
    }
    if (nrFields > 4) {
      Lane.set(to, slot, 4, e);
    }
    if (nrFields > 5) {
      Lane.set(to, slot, 5, f);
    }
    if (nrFields > 6) {
      Lane.set(to, slot, 6, g);
    }
    if (nrFields > 7) {
      Lane.set(to, slot, 7, h);
    }
    if (nrFields > 8) {
      Lane.set(to, slot, 8, i);
    }
    if (nrFields > 9) {
      Lane.set(to, slot, 9, j);
    }
    if (nrFields > 10) {
      Lane.set(to, slot, 10, k);
    }
    if (nrFields > 11) {
      Lane.set(to, slot, 11, l);
    }
    lane.end(slot, to);
  }

  /** A traced function begins; returns what {@link #exited} wants. */
  public static @Nullable Lane entered(int function) {
    Lane lane = Recorders.lane();
    if (lane != null) {
      lane.entered(function);
    }
    return lane;
  }

  /** A traced function ends. */
  public static void exited(int function, @Nullable Object lane) {
    if (lane instanceof Lane entered) {
      entered.exited(function);
    }
  }
}
