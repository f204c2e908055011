package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats as a 64-bit kernel 6.1 states them, with the names of its page flags expanded. */
public final class TestFormats {
  /** The names of page flags in the order of their bits; an empty one has no name. */
  private static final List<String> PAGE_FLAGS =
      List.of(
          "locked",
          "referenced",
          "uptodate",
          "dirty",
          "lru",
          "active",
          "workingset",
          "waiters",
          "error",
          "slab",
          "owner_priv_1",
          "arch_1",
          "reserved",
          "private",
          "private_2",
          "writeback",
          "head",
          "mappedtodisk",
          "reclaim",
          "swapbacked",
          "unevictable",
          "mlocked",
          "hwpoison");

  private TestFormats() {}

  /** Function, stack and marker, the page_ref events, sched_switch, and a memory failure. */
  public static List<EventFormat> all() {
    return List.of(
        function(),
        kernelStack(),
        print(),
        pageRef("page_ref_set", 1001, false),
        pageRef("page_ref_mod", 1002, false),
        pageRef("page_ref_mod_and_test", 1003, true),
        pageRef("page_ref_mod_and_return", 1004, true),
        pageRef("page_ref_mod_unless", 1005, true),
        pageRef("page_ref_freeze", 1006, true),
        pageRef("page_ref_unfreeze", 1007, false),
        schedSwitch(),
        memoryFailure());
  }

  /** The bits of page flags joined by {@code |}, as a trace shows them; {@code none} is 0. */
  static long pageFlags(String names) {
    if (names.equals("none")) {
      return 0;
    }
    long bits = 0;
    for (String name : names.split("\\|")) {
      int bit = PAGE_FLAGS.indexOf(name);
      if (bit < 0) {
        throw new IllegalArgumentException("page flag '%s': no such flag".formatted(name));
      }
      bits |= 1L << bit;
    }
    return bits;
  }

  private static EventFormat function() {
    return new EventFormat(
        "ftrace",
        "function",
        1,
        EventFormat.commonFields(),
        List.of(
            EventField.of("unsigned long ip", 8, 8, false),
            EventField.of("unsigned long parent_ip", 16, 8, false)),
        "\" %ps <-- %ps\", (void *)REC->ip, (void *)REC->parent_ip");
  }

  private static EventFormat kernelStack() {
    String arguments =
        IntStream.range(0, 8)
            .mapToObj("(void *)REC->caller[%d]"::formatted)
            .collect(Collectors.joining(", "));
    return new EventFormat(
        "ftrace",
        "kernel_stack",
        4,
        EventFormat.commonFields(),
        List.of(
            EventField.of("int size", 8, 4, true),
            EventField.of("unsigned long caller[8]", 16, 64, false)),
        "\"" + "\\t=> %ps\\n".repeat(8) + "\", " + arguments);
  }

  private static EventFormat print() {
    return new EventFormat(
        "ftrace",
        "print",
        5,
        EventFormat.commonFields(),
        List.of(
            EventField.of("unsigned long ip", 8, 8, false),
            EventField.of("char buf[]", 16, 0, false)),
        "\"%ps: %s\", (void *)REC->ip, REC->buf");
  }

  private static EventFormat pageRef(String name, int id, boolean returns) {
    List<EventField> fields =
        new ArrayList<>(
            List.of(
                EventField.of("unsigned long pfn", 8, 8, false),
                EventField.of("unsigned long flags", 16, 8, false),
                EventField.of("int count", 24, 4, true),
                EventField.of("int mapcount", 28, 4, true),
                EventField.of("void * mapping", 32, 8, false),
                EventField.of("int mt", 40, 4, true),
                EventField.of("int val", 44, 4, true)));
    String text = "pfn=0x%lx flags=%s count=%d mapcount=%d mapping=%p mt=%d val=%d";
    String arguments =
        "REC->pfn, (REC->flags & ((1UL << 24) - 1)) ? __print_flags(REC->flags & ((1UL << 24) - 1),"
            + " \"|\", "
            + flagNames()
            + ") : \"none\", REC->count, REC->mapcount, REC->mapping, REC->mt, REC->val";
    if (returns) {
      fields.add(EventField.of("int ret", 48, 4, true));
      text += " ret=%d";
      arguments += ", REC->ret";
    }
    return new EventFormat(
        "page_ref",
        name,
        id,
        EventFormat.commonFields(),
        fields,
        "\"%s\", %s".formatted(text, arguments));
  }

  private static String flagNames() {
    return IntStream.range(0, PAGE_FLAGS.size())
        .mapToObj(bit -> "{ 1UL << %d, \"%s\" }".formatted(bit, PAGE_FLAGS.get(bit)))
        .collect(Collectors.joining(", "));
  }

  private static EventFormat schedSwitch() {
    return new EventFormat(
        "sched",
        "sched_switch",
        1010,
        EventFormat.commonFields(),
        List.of(
            EventField.of("char prev_comm[16]", 8, 16, false),
            EventField.of("pid_t prev_pid", 24, 4, true),
            EventField.of("int prev_prio", 28, 4, true),
            EventField.of("long prev_state", 32, 8, true),
            EventField.of("char next_comm[16]", 40, 16, false),
            EventField.of("pid_t next_pid", 56, 4, true),
            EventField.of("int next_prio", 60, 4, true)),
        "\"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d"
            + " next_prio=%d\", REC->prev_comm, REC->prev_pid, REC->prev_prio, REC->prev_state ?"
            + " __print_flags(REC->prev_state, \"|\", { 0x01, \"S\" }, { 0x02, \"D\" }, { 0x04,"
            + " \"T\" }, { 0x08, \"t\" }, { 0x10, \"X\" }, { 0x20, \"Z\" }) : \"R\","
            + " REC->next_comm, REC->next_pid, REC->next_prio");
  }

  private static EventFormat memoryFailure() {
    return new EventFormat(
        "ras",
        "memory_failure_event",
        1011,
        EventFormat.commonFields(),
        List.of(
            EventField.of("unsigned long pfn", 8, 8, false),
            EventField.of("int type", 16, 4, true),
            EventField.of("int result", 20, 4, true)),
        "\"pfn %#lx: recovery action for %s: %s\", REC->pfn, __print_symbolic(REC->type, { 0,"
            + " \"reserved kernel page\" }, { 20, \"dax page\" }, { 22, \"unknown page\" }),"
            + " __print_symbolic(REC->result, { 0, \"Ignored\" }, { 1, \"Failed\" }, { 2,"
            + " \"Delayed\" }, { 3, \"Recovered\" })");
  }
}
