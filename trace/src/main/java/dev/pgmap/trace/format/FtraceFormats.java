package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The events of ftrace itself, whose ids are the same in all kernels. */
final class FtraceFormats {
  static final int FUNCTION = 1;
  static final int KERNEL_STACK = 4;
  static final int PRINT = 5;
  static final int FUNCGRAPH_EXIT = 10;
  static final int FUNCGRAPH_ENTRY = 11;

  /**
   * What the series differ in.
   *
   * @param depth conversion of a depth
   * @param args whether arguments follow a function
   * @param entry fields of funcgraph_entry
   * @param exit fields of funcgraph_exit
   */
  record Variant(String depth, boolean args, List<String> entry, List<String> exit) {}

  private static final List<String> ENTRY_TO_6_12 = List.of("unsigned long func", "int depth");
  private static final List<String> TIMES =
      List.of("unsigned long long calltime", "unsigned long long rettime");

  static final Variant V5_10 =
      new Variant(
          "%d",
          false,
          ENTRY_TO_6_12,
          List.of(
              "unsigned long func",
              "unsigned long overrun",
              TIMES.get(0),
              TIMES.get(1),
              "int depth"));

  static final Variant V6_1 =
      new Variant(
          "%d",
          false,
          ENTRY_TO_6_12,
          List.of(
              "unsigned long func",
              "int depth",
              "unsigned int overrun",
              TIMES.get(0),
              TIMES.get(1)));

  static final Variant V7_2 =
      new Variant(
          "%u",
          true,
          List.of("unsigned long func", "unsigned long depth", "unsigned long args[]"),
          List.of(
              "unsigned long func",
              "unsigned int depth",
              "unsigned int overrun",
              TIMES.get(0),
              TIMES.get(1)));

  private FtraceFormats() {}

  static EventFormat function(Variant variant) {
    List<String> fields = new ArrayList<>(List.of("unsigned long ip", "unsigned long parent_ip"));
    if (variant.args()) {
      fields.add("unsigned long args[]");
    }
    return format(
        "function", FUNCTION, fields, "\" %ps <-- %ps\", (void *)REC->ip, (void *)REC->parent_ip");
  }

  static EventFormat kernelStack() {
    String arguments =
        IntStream.range(0, 8)
            .mapToObj("(void *)REC->caller[%d]"::formatted)
            .collect(Collectors.joining(", "));
    String three = "\"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n\"";
    return format(
        "kernel_stack",
        KERNEL_STACK,
        List.of("int size", "unsigned long caller[8]"),
        three + " " + three + " \"\\t=> %ps\\n\\t=> %ps\\n\", " + arguments);
  }

  static EventFormat print() {
    return format(
        "print",
        PRINT,
        List.of("unsigned long ip", "char buf[]"),
        "\"%ps: %s\", (void *)REC->ip, REC->buf");
  }

  static EventFormat entry(Variant variant) {
    String depth = variant.args() ? "%lu" : variant.depth();
    return format(
        "funcgraph_entry",
        FUNCGRAPH_ENTRY,
        variant.entry(),
        "\"--> %ps (" + depth + ")\", (void *)REC->func, REC->depth");
  }

  static EventFormat exit(Variant variant) {
    String depth = variant.depth();
    return format(
        "funcgraph_exit",
        FUNCGRAPH_EXIT,
        variant.exit(),
        "\"<-- %ps ("
            + depth
            + ") (start: %llx  end: %llx) over: "
            + depth
            + "\", (void *)REC->func, REC->depth, REC->calltime, REC->rettime, REC->depth");
  }

  private static EventFormat format(String name, int id, List<String> fields, String printFmt) {
    return new FormatSpec("ftrace", name, fields, printFmt).withId(id);
  }
}
