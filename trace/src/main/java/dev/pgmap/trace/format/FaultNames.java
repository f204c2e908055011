package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The bits of {@code enum fault_flag} and {@code enum vm_fault_reason} by name. */
final class FaultNames {
  /**
   * A bit and its name.
   *
   * @param bit the number of the bit
   */
  record Named(int bit, String name) {}

  /** All of fault_flag, in the order of the bits. */
  static final List<Named> ALL_FLAGS =
      numbered(
          List.of(
              "WRITE",
              "MKWRITE",
              "ALLOW_RETRY",
              "RETRY_NOWAIT",
              "KILLABLE",
              "TRIED",
              "USER",
              "REMOTE",
              "INSTRUCTION",
              "INTERRUPTIBLE",
              "UNSHARE",
              "ORIG_PTE_VALID",
              "VMA_LOCK"));

  /** All that vm_fault_reason ever had, in the order of the bits; bit 7 is none of them. */
  static final List<Named> ALL_RESULTS =
      numbered(
          List.of(
              "OOM",
              "SIGBUS",
              "MAJOR",
              "WRITE",
              "HWPOISON",
              "HWPOISON_LARGE",
              "SIGSEGV",
              "",
              "NOPAGE",
              "LOCKED",
              "RETRY",
              "FALLBACK",
              "DONE_COW",
              "NEEDDSYNC",
              "COMPLETED"));

  static final List<Named> FLAGS = without(ALL_FLAGS, Set.of("UNSHARE", "ORIG_PTE_VALID"));
  static final List<Named> FLAGS_TO_6_1 = without(FLAGS, Set.of("VMA_LOCK"));
  static final List<Named> RESULTS = without(ALL_RESULTS, Set.of("WRITE"));
  static final List<Named> RESULTS_TO_6_1 = without(ALL_RESULTS, Set.of("COMPLETED"));

  private FaultNames() {}

  private static List<Named> numbered(List<String> names) {
    List<Named> list = new ArrayList<>();
    for (int bit = 0; bit < names.size(); bit++) {
      if (!names.get(bit).isEmpty()) {
        list.add(new Named(bit, names.get(bit)));
      }
    }
    return List.copyOf(list);
  }

  private static List<Named> without(List<Named> all, Set<String> names) {
    return all.stream().filter(named -> !names.contains(named.name())).toList();
  }
}
