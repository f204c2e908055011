package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code memory_failure_event}: the end of the handling of a poisoned page. It is of system {@code
 * ras} in all series.
 */
final class FailureFormats {
  private static final List<String> LRU_PAGES =
      List.of(
          "dirty swapcache page",
          "clean swapcache page",
          "dirty mlocked LRU page",
          "clean mlocked LRU page",
          "dirty unevictable LRU page",
          "clean unevictable LRU page",
          "dirty LRU page",
          "clean LRU page",
          "already truncated LRU page",
          "free buddy page");

  /** {@code enum mf_action_page_type}; an empty name is a number that has none. */
  static final List<String> TYPES_5_10 =
      joined(
          List.of(
              "reserved kernel page",
              "high-order kernel page",
              "kernel slab page",
              "different compound page after locking",
              "huge page already hardware poisoned",
              "huge page",
              "free huge page",
              "non-pmd-sized huge page",
              "unmapping failed page"),
          LRU_PAGES,
          List.of("free buddy page (2nd try)", "dax page", "unsplit thp", "unknown page"));

  static final List<String> TYPES_6_1 =
      joined(
          List.of(
              "reserved kernel page",
              "high-order kernel page",
              "kernel slab page",
              "different compound page after locking",
              "huge page",
              "free huge page",
              "unmapping failed page"),
          LRU_PAGES,
          List.of("dax page", "unsplit thp", "unknown page"));

  private static final List<String> FIRST =
      List.of(
          "reserved kernel page",
          "high-order kernel page",
          "",
          "huge page",
          "free huge page",
          "get hwpoison page",
          "unmapping failed page");

  static final List<String> TYPES_6_12 =
      joined(
          FIRST, LRU_PAGES, List.of("dax page", "unsplit thp", "already poisoned", "unknown page"));

  static final List<String> TYPES =
      joined(
          FIRST,
          LRU_PAGES,
          List.of(
              "dax page",
              "unsplit thp",
              "already poisoned",
              "non struct page pfn",
              "unknown page"));

  /** {@code enum mf_result}. */
  static final List<String> RESULTS = List.of("Ignored", "Failed", "Delayed", "Recovered");

  private FailureFormats() {}

  static List<FormatSpec> of(KernelSeries series) {
    String printFmt =
        "\"pfn %#lx: recovery action for %s: %s\", REC->pfn, __print_symbolic(REC->type, "
            + list(series.traits().failureTypes())
            + "), __print_symbolic(REC->result, "
            + list(RESULTS)
            + ")";
    return List.of(
        new FormatSpec(
            "ras",
            "memory_failure_event",
            List.of("unsigned long pfn", "int type", "int result"),
            printFmt));
  }

  private static String list(List<String> names) {
    List<String> list = new ArrayList<>();
    for (int value = 0; value < names.size(); value++) {
      if (!names.get(value).isEmpty()) {
        list.add("{ %d, \"%s\" }".formatted(value, names.get(value)));
      }
    }
    return String.join(", ", list);
  }

  private static List<String> joined(List<String> a, List<String> b, List<String> c) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    all.addAll(c);
    return List.copyOf(all);
  }
}
