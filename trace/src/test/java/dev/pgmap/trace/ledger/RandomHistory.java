package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.pairing.FunctionPairs;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A made-up history of a few pages, of which the truth is known.
 *
 * <p>Each task runs on a cpu of its own and does one atomic change after the other. The event of a
 * change is stamped up to {@link #MAX_DELAY} later, so that the stamps of two cpus are often the
 * reverse of the truth, and shows the count at that later time.
 */
final class RandomHistory {
  /** How much later than the change its stamp may be, in nanoseconds. */
  static final int MAX_DELAY = 900;

  /** Our own functions: what get0 acquires put0 releases, and so on. */
  static final FunctionPairs PAIRS =
      FunctionPairs.standard()
          .plus("test", "zero [user]: get0 <-> put0\none [user]: get1 <-> put1");

  private static final int TASKS = 5;
  private static final int PAGES = 3;

  /** A task that only releases what others acquired. */
  private static final int REAPER = TASKS;

  private static final String[] GETS = {"get0", "get1", "plain_get"};
  private static final String[] PUTS = {"put0", "put1", "plain_put"};

  /** What a task holds. */
  private record Hold(int pid, int pin, int way) {
    int refs() {
      return pin == 0 ? 1 : HoldKind.PIN_BIAS;
    }
  }

  private final Random random;
  private final SourceBuilder builder = new SourceBuilder().cpus(TASKS + 1);
  private final int[] counts = new int[PAGES];
  private final List<List<Hold>> held = new ArrayList<>();
  private final long[] lastStamp = new long[TASKS + 1];

  /** For each task, the page of a fast pin whose second half is still to come; -1 if none is. */
  private final int[] halfPinned = new int[TASKS];

  private final int[] halfWay = new int[TASKS];
  private final List<Late> late = new ArrayList<>();
  private long now = 1_000_000;

  /** An event that is still to be written, with the count as it is then. */
  private record Late(
      long stamp, String event, int pid, int page, int val, Integer ret, String[] stack) {}

  RandomHistory(long seed, int steps) {
    random = new Random(seed);
    for (int page = 0; page < PAGES; page++) {
      held.add(new ArrayList<>());
      start(page);
    }
    java.util.Arrays.fill(halfPinned, -1);
    for (int i = 0; i < steps; i++) {
      now += 1 + random.nextInt(400);
      step(random.nextInt(TASKS + 1));
      writeDue(now);
    }
    for (int pid = 0; pid < TASKS; pid++) {
      finishPin(pid);
    }
    writeDue(Long.MAX_VALUE);
  }

  /** Page 0 is created in the recording, the others have a base reference from before. */
  private void start(int page) {
    counts[page] = 1;
    if (page == 0) {
      emit("page_ref_set", REAPER, page, 1, null, "memmap_init_zone_device");
      now += 10 * MAX_DELAY;
    }
  }

  private void step(int pid) {
    if (pid == REAPER) {
      reap();
    } else if (halfPinned[pid] >= 0) {
      finishPin(pid);
    } else {
      int page = random.nextInt(PAGES);
      switch (random.nextInt(8)) {
        case 0, 1 -> get(pid, page);
        case 2 -> beginFastPin(pid, page);
        case 3 -> slowPin(pid, page);
        case 4 -> tryFreeze(pid, page);
        default -> release(pid, page);
      }
    }
  }

  private void get(int pid, int page) {
    int way = random.nextInt(GETS.length);
    boolean unless = random.nextBoolean();
    counts[page]++;
    held.get(page).add(new Hold(pid, 0, way));
    emit(
        unless ? "page_ref_mod_unless" : "page_ref_mod",
        pid,
        page,
        1,
        unless ? 1 : null,
        GETS[way],
        "task" + pid);
  }

  private void slowPin(int pid, int page) {
    counts[page] += HoldKind.PIN_BIAS;
    held.get(page).add(new Hold(pid, 1, 0));
    emit("page_ref_mod", pid, page, HoldKind.PIN_BIAS, null, "pin_user_pages", "task" + pid);
  }

  private void beginFastPin(int pid, int page) {
    counts[page]++;
    halfPinned[pid] = page;
    halfWay[pid] = 0;
    emit("page_ref_mod_unless", pid, page, 1, 1, "pin_user_pages_fast", "task" + pid);
  }

  private void finishPin(int pid) {
    int page = halfPinned[pid];
    if (page < 0) {
      return;
    }
    halfPinned[pid] = -1;
    counts[page] += HoldKind.PIN_BIAS - 1;
    held.get(page).add(new Hold(pid, 2, 0));
    emit(
        "page_ref_mod",
        pid,
        page,
        HoldKind.PIN_BIAS - 1,
        null,
        "pin_user_pages_fast",
        "task" + pid);
  }

  private void release(int pid, int page) {
    List<Hold> own = held.get(page).stream().filter(hold -> hold.pid == pid).toList();
    if (!own.isEmpty()) {
      release(pid, page, own.get(random.nextInt(own.size())));
    }
  }

  private void reap() {
    int page = random.nextInt(PAGES);
    List<Hold> all = held.get(page).stream().filter(hold -> hold.way == 2).toList();
    if (!all.isEmpty() && random.nextInt(3) == 0) {
      release(REAPER, page, all.get(random.nextInt(all.size())));
    }
  }

  private void release(int pid, int page, Hold hold) {
    held.get(page).remove(hold);
    counts[page] -= hold.refs();
    boolean returns = random.nextBoolean();
    String how = hold.pin == 0 ? PUTS[hold.way] : "unpin_user_page";
    emit(
        returns ? "page_ref_mod_and_return" : "page_ref_mod_and_test",
        pid,
        page,
        -hold.refs(),
        returns ? counts[page] : counts[page] == 0 ? 1 : 0,
        how,
        "task" + pid);
  }

  private void tryFreeze(int pid, int page) {
    int expected = 1 + random.nextInt(3);
    boolean frozen = counts[page] == expected;
    emit("page_ref_freeze", pid, page, expected, frozen ? 1 : 0, "freeze", "task" + pid);
    if (frozen) {
      // Nobody else gets at the page meanwhile.
      now += 1;
      emit("page_ref_unfreeze", pid, page, expected, null, "unfreeze", "task" + pid);
    }
  }

  private void emit(String event, int pid, int page, int val, Integer ret, String... stack) {
    long stamp = Math.max(lastStamp[pid] + 1, now + random.nextInt(MAX_DELAY));
    lastStamp[pid] = stamp;
    late.add(new Late(stamp, event, pid, page, val, ret, stack));
  }

  private void writeDue(long until) {
    for (Late one : List.copyOf(late)) {
      if (one.stamp <= until) {
        late.remove(one);
        write(one);
      }
    }
  }

  private void write(Late one) {
    List<Object> fields =
        new ArrayList<>(List.of("pfn", pfn(one.page), "val", one.val, "count", counts[one.page]));
    if (one.ret != null) {
      fields.addAll(List.of("ret", one.ret));
    }
    builder.event(one.event, one.pid, 100 + one.pid, one.stamp, fields.toArray()).stack(one.stack);
  }

  private static int pfn(int page) {
    return 0x1000 + page;
  }

  TraceSource source() {
    return builder.build();
  }

  /** What is held in truth: how many by page, task, kind and function. */
  Map<String, Integer> truth() {
    Map<String, Integer> truth = new TreeMap<>();
    for (int page = 0; page < PAGES; page++) {
      for (Hold hold : held.get(page)) {
        String how =
            switch (hold.pin) {
              case 0 -> GETS[hold.way];
              case 1 -> "pin_user_pages";
              default -> "pin_user_pages_fast";
            };
        truth.merge(key(pfn(page), 100 + hold.pid, hold.pin != 0, how), 1, Integer::sum);
      }
    }
    return truth;
  }

  /** The final counts by pfn. */
  Map<Long, Integer> counts() {
    Map<Long, Integer> all = new HashMap<>();
    for (int page = 0; page < PAGES; page++) {
      all.put((long) pfn(page), counts[page]);
    }
    return all;
  }

  static String key(long pfn, int pid, boolean pin, String how) {
    return "%x %d %s %s".formatted(pfn, pid, pin ? "pin" : "ref", how);
  }
}
