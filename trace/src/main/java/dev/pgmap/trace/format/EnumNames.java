package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of enum names that a kernel leaves in its formats, such as {@code PG_locked}.
 *
 * <p>A format does not tell them. Those here are the same in all kernels, but for the bits of page
 * flags: kernels up to 6.6 number them in another order than those from 6.10 on, and the list of
 * flags that a format prints tells the two apart ({@code error} and {@code slab} were both dropped
 * between). 6.7 to 6.9 have the new order and the old list: their page flags are decoded wrongly.
 */
final class EnumNames {
  private static final List<String> OLD_PAGE_FLAGS =
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
          "uncached",
          "hwpoison",
          "young",
          "idle",
          "arch_2",
          "arch_3");

  private static final List<String> PAGE_FLAGS =
      List.of(
          "locked",
          "writeback",
          "referenced",
          "uptodate",
          "dirty",
          "lru",
          "head",
          "waiters",
          "active",
          "workingset",
          "error",
          "owner_priv_1",
          "owner_2",
          "arch_1",
          "reserved",
          "private",
          "private_2",
          "mappedtodisk",
          "reclaim",
          "swapbacked",
          "unevictable",
          "dropbehind",
          "mlocked",
          "uncached",
          "hwpoison",
          "young",
          "idle",
          "arch_2",
          "arch_3");

  private static final List<String> SOFTIRQS =
      List.of(
          "HI",
          "TIMER",
          "NET_TX",
          "NET_RX",
          "BLOCK",
          "IRQ_POLL",
          "TASKLET",
          "SCHED",
          "HRTIMER",
          "RCU");

  private final Map<String, Long> values = new HashMap<>();

  private EnumNames() {}

  /** The names that a format may use; none in the style of trace-cmd, where they all count as 0. */
  static EnumNames of(EventFormat format, Style style) {
    EnumNames names = new EnumNames();
    if (style == Style.KERNEL) {
      names.addBits("FAULT_FLAG_", FaultNames.ALL_FLAGS);
      names.addBits("VM_FAULT_", FaultNames.ALL_RESULTS);
      names.values.put("VMA_SHARED_BIT", 3L);
      SOFTIRQS.forEach(name -> names.values.put(name + "_SOFTIRQ", (long) SOFTIRQS.indexOf(name)));
      names.addPageFlags(format.printFmt());
    }
    return names;
  }

  private void addBits(String prefix, List<FaultNames.Named> bits) {
    bits.forEach(named -> values.put(prefix + named.name(), 1L << named.bit()));
  }

  /** Bits count up over those flags of the kernel's order that the format lists. */
  private void addPageFlags(String printFmt) {
    boolean old = printFmt.contains("PG_error") && printFmt.contains("PG_slab");
    long bit = 0;
    for (String flag : old ? OLD_PAGE_FLAGS : PAGE_FLAGS) {
      if (printFmt.contains("PG_" + flag + ",")) {
        values.put("PG_" + flag, bit++);
      }
    }
  }

  /** The value of a name; 0 of an unknown one, as in libtraceevent. */
  long valueOf(String name) {
    return values.getOrDefault(name, 0L);
  }

  /** What libtraceevent takes a bare name for: it knows the softirqs and timers, else -1. */
  static long libtraceeventValueOf(String name) {
    return switch (name) {
      case "HRTIMER_NORESTART" -> 0;
      case "HRTIMER_RESTART" -> 1;
      default ->
          name.endsWith("_SOFTIRQ")
              ? SOFTIRQS.indexOf(name.substring(0, name.length() - "_SOFTIRQ".length()))
              : -1;
    };
  }
}
