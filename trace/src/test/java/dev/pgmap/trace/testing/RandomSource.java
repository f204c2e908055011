package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceSource;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Recordings with some of everything; no two cpus have an event at the same time. */
public final class RandomSource {
  private static final List<String> FUNCTIONS =
      List.of("get_page", "put_page", "try_grab_folio", "gup_fast", "pin_user_pages", "dax_fault");
  private static final List<String> COMMS =
      List.of("gup_test", "a b-c: (d)", "kworker/u8:1-ev", "x", "a name that is far too long");
  private static final List<String> PAGE_REFS =
      List.of(
          "page_ref_set",
          "page_ref_mod",
          "page_ref_mod_and_test",
          "page_ref_mod_and_return",
          "page_ref_mod_unless",
          "page_ref_freeze",
          "page_ref_unfreeze");
  private static final int CPUS = 4;
  private static final int TASKS = 12;

  private final Random random;
  private final SourceBuilder builder = new SourceBuilder().cpus(CPUS);

  /** Tasks with a saved name. */
  private final Set<Integer> named = new HashSet<>();

  private long stamp;
  private boolean calls = true;

  /** A recording that depends on the seed alone. */
  public RandomSource(long seed) {
    random = new Random(seed);
    builder.format(funcgraphEntry()).format(funcgraphExit());
    FUNCTIONS.forEach(builder::symbol);
    for (int i = 0; i < TASKS; i++) {
      if (random.nextInt(4) != 0) {
        named.add(i);
        builder.comm(pid(i), pick(COMMS));
      }
    }
    stamp = random.nextLong(1L << 45);
  }

  /** A clock that counts instead of measuring time. */
  public RandomSource counting() {
    builder.clock("counter");
    stamp = 0;
    return this;
  }

  /** No calls of function_graph, which a kernel prints as a tree in place of lines. */
  public RandomSource withoutCalls() {
    calls = false;
    return this;
  }

  /** A recording with so many events of every kind, stacks not counted. */
  public TraceSource events(int count) {
    for (int i = 0; i < count; i++) {
      stamp += random.nextInt(20) == 0 ? 1 + random.nextLong(1L << 32) : 1 + random.nextInt(3_000);
      add();
      if (random.nextInt(50) == 0) {
        builder.lost(random.nextBoolean() ? -1 : 1 + random.nextInt(9_999));
      }
      if (random.nextInt(3) == 0) {
        builder.flags(random.nextInt(0x20), random.nextInt(0x33));
      }
    }
    return builder.build();
  }

  private void add() {
    int cpu = random.nextInt(CPUS - 1);
    int pid = pid(random.nextInt(TASKS));
    switch (random.nextInt(12)) {
      case 0 -> builder.event("print", cpu, pid, stamp, "ip", function(), "buf", text());
      case 1 -> addSwitch(cpu, pid);
      case 2 -> builder.event("memory_failure_event", cpu, pid, stamp, "pfn", pfn(), "type", 20);
      case 3 ->
          builder.event("function", cpu, pid, stamp, "ip", function(), "parent_ip", function() + 8);
      case 4 -> addCallOrPageRef(cpu, pid);
      default -> addPageRef(cpu, pid);
    }
  }

  private void addCallOrPageRef(int cpu, int pid) {
    if (calls) {
      addCall(cpu, pid);
    } else {
      addPageRef(cpu, pid);
    }
  }

  private void addPageRef(int cpu, int pid) {
    builder.event(
        pick(PAGE_REFS),
        cpu,
        pid,
        stamp,
        "pfn",
        pfn(),
        "flags",
        1L << random.nextInt(64) | 1L << random.nextInt(24),
        "count",
        random.nextInt(3_000) - 5,
        "mapcount",
        random.nextInt(3) - 1,
        "mapping",
        random.nextBoolean() ? 0 : random.nextLong(),
        "mt",
        1,
        "val",
        random.nextInt(2_049) - 1_024);
    if (random.nextInt(3) == 0) {
      String[] stack = new String[1 + random.nextInt(12)];
      for (int i = 0; i < stack.length; i++) {
        stack[i] = pick(FUNCTIONS);
      }
      builder.stack(stack);
    }
  }

  private void addSwitch(int cpu, int pid) {
    int task = random.nextInt(TASKS);
    // Of two names that a file has for one task, trace-cmd takes either.
    int next = named.contains(task) ? task + TASKS : task;
    builder.event(
        "sched_switch",
        cpu,
        pid,
        stamp,
        "prev_comm",
        "prev",
        "prev_pid",
        pid,
        "prev_prio",
        120,
        "prev_state",
        random.nextInt(0x200),
        "next_comm",
        "next" + next,
        "next_pid",
        pid(next),
        "next_prio",
        random.nextInt(140));
  }

  private void addCall(int cpu, int pid) {
    long function = function();
    int depth = random.nextInt(4);
    long end = stamp + random.nextLong(1L << random.nextInt(1, 34));
    builder.event("funcgraph_entry", cpu, pid, stamp, "func", function, "depth", depth);
    builder.event(
        "funcgraph_exit",
        cpu,
        pid,
        stamp,
        "func",
        random.nextInt(3) == 0 ? function() : function,
        "depth",
        depth,
        "calltime",
        stamp,
        "rettime",
        end);
  }

  /** The entry of a call, as kernels up to 6.4 state it. */
  public static EventFormat funcgraphEntry() {
    return funcgraph(
        "funcgraph_entry",
        11,
        List.of(
            EventField.of("unsigned long func", 8, 8, false),
            EventField.of("int depth", 16, 4, true)));
  }

  /** The end of a call, as kernels up to 6.4 state it. */
  public static EventFormat funcgraphExit() {
    return funcgraph(
        "funcgraph_exit",
        10,
        List.of(
            EventField.of("unsigned long func", 8, 8, false),
            EventField.of("unsigned long overrun", 16, 8, false),
            EventField.of("unsigned long long calltime", 24, 8, false),
            EventField.of("unsigned long long rettime", 32, 8, false),
            EventField.of("int depth", 40, 4, true)));
  }

  private static EventFormat funcgraph(String name, int id, List<EventField> fields) {
    return new EventFormat(
        "ftrace",
        name,
        id,
        EventFormat.commonFields(),
        fields,
        "\"%ps (%d)\", (void *)REC->func, REC->depth");
  }

  private static int pid(int task) {
    return task == 0 ? 0 : task * task * task * 97;
  }

  private long pfn() {
    return 0x70200L + random.nextInt(64);
  }

  private long function() {
    return random.nextInt(10) == 0 ? 0x1000 : builder.function(pick(FUNCTIONS));
  }

  private String text() {
    return "step %d of 100%%".formatted(random.nextInt(100)) + (random.nextBoolean() ? "\n" : "");
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
