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

  /** An event of one number. */
  public static void event(int event, long a) {
    event(event, 1, a, 0, 0, 0, 0, 0);
  }

  /** An event of two numbers. */
  public static void event(int event, long a, long b) {
    event(event, 2, a, b, 0, 0, 0, 0);
  }

  /** An event of three numbers. */
  public static void event(int event, long a, long b, long c) {
    event(event, 3, a, b, c, 0, 0, 0);
  }

  /** An event of four numbers. */
  public static void event(int event, long a, long b, long c, long d) {
    event(event, 4, a, b, c, d, 0, 0);
  }

  /** An event of five numbers. */
  public static void event(int event, long a, long b, long c, long d, long e) {
    event(event, 5, a, b, c, d, e, 0);
  }

  /** An event of six numbers. */
  public static void event(int event, long a, long b, long c, long d, long e, long f) {
    event(event, 6, a, b, c, d, e, f);
  }

  private static void event(int event, int nr, long a, long b, long c, long d, long e, long f) {
    Lane lane = Recorders.lane();
    EventSlot slot = lane == null ? null : slot(lane, event);
    if (lane == null || slot == null) {
      return;
    }
    long to = lane.begin(slot);
    if (to == 0) {
      return;
    }
    Lane.set(to, slot, 0, a);
    if (nr > 1) {
      Lane.set(to, slot, 1, b);
    }
    if (nr > 2) {
      Lane.set(to, slot, 2, c);
    }
    if (nr > 3) {
      Lane.set(to, slot, 3, d);
    }
    if (nr > 4) {
      Lane.set(to, slot, 4, e);
    }
    if (nr > 5) {
      Lane.set(to, slot, 5, f);
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
