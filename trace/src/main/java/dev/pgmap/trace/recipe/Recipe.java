package dev.pgmap.trace.recipe;

import dev.pgmap.trace.recipe.ProbePoints.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands for a shell on the machine to be traced.
 *
 * <p>With {@code CONFIG_DEBUG_PAGE_REF} the page_ref events tell everything. Without it, references
 * that gup takes and gives back can be probed by function: not those of page tables, page caches or
 * drivers that call {@code get_page} themselves.
 *
 * <p>Immutable.
 *
 * @param probes which functions the kernel has
 * @param first the first page to record
 * @param last the last, inclusive; the greatest long for all pages
 */
public record Recipe(ProbePoints probes, long first, long last) {
  private static final int BUFFER_KIB = 50_000;
  private static final String TRACEFS = "/sys/kernel/tracing";
  private static final String PROBES = TRACEFS + "/dynamic_events";
  private static final String TRACEABLE = TRACEFS + "/available_filter_functions";

  /** The lines: commands, and comments that start with {@code #}. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        List.of(
            "# Does the kernel have page_ref events (CONFIG_DEBUG_PAGE_REF=y)?",
            "ls -d %s/events/page_ref".formatted(TRACEFS),
            ""));
    lines.addAll(withTraceCmd());
    lines.addAll(withPerf());
    lines.addAll(withoutEvents());
    lines.addAll(withBpftrace());
    lines.addAll(printk());
    return lines;
  }

  private String filter() {
    return last == Long.MAX_VALUE ? "" : "pfn >= 0x%x && pfn <= 0x%x".formatted(first, last);
  }

  /** Functions whose entries tell who waits and what was removed. */
  private Stream<String> functions() {
    return Stream.concat(probes.waits().stream(), ProbePoints.REMOVING.stream());
  }

  private List<String> withTraceCmd() {
    String filter = last == Long.MAX_VALUE ? "" : " -f '%s'".formatted(filter());
    return List.of(
        "# 1. With page_ref events, by trace-cmd: -f belongs to the -e before it, -T adds stacks,",
        "#    -b is KiB per cpu (look for EVENTS DROPPED, and raise it), -p function tells who"
            + " waits:",
        "#    of these functions a kernel has some; trace-cmd refuses those that it lacks.",
        "waits=$(for f in %s; do grep -q \"^$f\\( \\|$\\)\" %s && echo \"-l $f\"; done)"
            .formatted(functions().collect(Collectors.joining(" ")), TRACEABLE),
        "trace-cmd record -b %d -T -e page_ref%s ${waits:+-p function $waits} -o trace.dat COMMAND"
            .formatted(BUFFER_KIB, filter),
        "pgmap trace leaks trace.dat",
        "");
  }

  private List<String> withPerf() {
    String filter = last == Long.MAX_VALUE ? "" : " --filter '%s'".formatted(filter());
    return List.of(
        "# 2. The same by perf: its text has the stacks. -m is per cpu (look for LOST).",
        "perf record -a -g -m 16M -e 'page_ref:*'%s -o perf.data -- COMMAND".formatted(filter),
        "perf script -i perf.data > perf.txt",
        "pgmap trace leaks perf.txt",
        "");
  }

  private List<String> withoutEvents() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "# 3. Without page_ref events: probe where gup takes and gives back. pfn is then",
                "#    the address of the struct page, val the number of references; get_page, page",
                "#    tables and page caches are not seen. Registers are those of x86-64."));
    if (!probes.seesPuts()) {
      lines.add(
          "#    This kernel gives back inside of other functions: only gets are recorded, so");
      lines.add("#    compare who takes, by stack, rather than what is outstanding.");
    }
    if (probes.mixesTails()) {
      lines.add(
          "#    Gets of a compound page's tail do not match their puts, which name the head:");
      lines.add("#    bpftrace, below, can look the head up.");
    }
    lines.add("#    What the compiler inlined cannot be probed; this tells:");
    lines.add(
        "for f in %s; do grep -q \"^$f\\( \\|$\\)\" %s || echo \"$f: cannot be probed\"; done"
            .formatted(
                probes.probes().stream().map(Probe::function).collect(Collectors.joining(" ")),
                TRACEABLE));
    for (Probe probe : probes.probes()) {
      lines.add("printf '%%s\\n' '%s' >> %s".formatted(probe.definition(), PROBES));
    }
    lines.add(
        "trace-cmd record -b %d -T -e %s -f 'pfn != 0' -o trace.dat COMMAND"
            .formatted(BUFFER_KIB, ProbePoints.GROUP));
    lines.add("pgmap trace leaks trace.dat");
    for (Probe probe : probes.probes()) {
      lines.add("echo '-:%s/%s' >> %s".formatted(ProbePoints.GROUP, probe.event(), PROBES));
    }
    lines.add("");
    return lines;
  }

  private List<String> withBpftrace() {
    return probes.bpftrace().isEmpty()
        ? List.of()
        : List.of(
            "# 4. The same by bpftrace, which keeps the ledger itself, by address of the struct"
                + " page,",
            "#    and prints it at the end (^C). Before 0.20, fentry: and fexit: are called kfunc:",
            "#    and kretfunc:, and the limit BPFTRACE_MAP_KEYS_MAX.",
            "BPFTRACE_MAX_MAP_KEYS=1000000 bpftrace -e '%s'".formatted(probes.bpftrace()),
            "");
  }

  private static List<String> printk() {
    return List.of(
        "# 5. Lines of printk, or any log: tell what a line looks like.",
        "#    [  12.345678] drv: GET pfn=70200 pid=42 (drv_map)",
        "pgmap trace leaks --pattern"
            + " '\\[ *(?<ts>[0-9.]+)\\].* (?<event>GET|PUT) pfn=(?<pfnHex>\\w+) pid=(?<pid>\\d+)"
            + " \\((?<function>\\w+)\\)' dmesg.txt");
  }
}
