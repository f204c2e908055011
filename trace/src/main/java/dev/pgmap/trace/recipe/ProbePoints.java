package dev.pgmap.trace.recipe;

import java.util.List;

/**
 * What a kernel without page_ref events can be asked: where gup takes and gives back references,
 * and who waits for them. Each constant stands for the kernels from its version up to the next
 * one's.
 */
public enum ProbePoints {
  /** References are taken page by page; what gives them back cannot be probed one by one. */
  V5_10(
      List.of(kprobe("try_grab_page_get", "try_grab_page", "\\1")),
      "",
      List.of("memunmap_pages", "ext4_break_layouts", "xfs_break_layouts")),
  /**
   * The slow path takes pages, the fast one several references of a folio. Both are given the page,
   * of which the folio's head gets the references; only the head is given back.
   */
  V6_1(
      List.of(
          kprobe("try_grab_page_get", "try_grab_page", "\\1"),
          kprobe("try_grab_folio_get", "try_grab_folio", "%si"),
          kprobe("gup_put_folio_put", "gup_put_folio", "%si")),
      "kprobe:try_grab_page { $h = *(uint64 *)(arg0 + 8);"
          + " $p = ($h & 1) == 1 ? $h - 1 : (uint64)arg0;"
          + " @held[$p] += 1; @who[$p] = kstack; @task[$p] = comm; }"
          + " kprobe:try_grab_folio { @refs[tid] = (int64)arg1; }"
          + " kretprobe:try_grab_folio { $p = (uint64)retval; if ($p != 0)"
          + " { @held[$p] += @refs[tid]; @who[$p] = kstack; @task[$p] = comm; }"
          + " delete(@refs[tid]); }"
          + " kprobe:gup_put_folio { $p = (uint64)arg0; @held[$p] -= (int64)arg1;"
          + " if (@held[$p] == 0) { delete(@held[$p]); delete(@who[$p]); delete(@task[$p]); } }",
      List.of("memunmap_pages", "ext4_break_layouts", "xfs_break_layouts")),
  /** Both paths take references of a folio; arguments have names. */
  V6_12(
      Folios.PROBES,
      Folios.BPFTRACE,
      List.of("memunmap_pages", "ext4_break_layouts", "xfs_break_layouts")),
  /** Waiting for a mapping's pages has functions of its own. */
  V7_2(
      Folios.PROBES,
      Folios.BPFTRACE,
      List.of(
          "memunmap_pages",
          "dax_break_layout",
          "dax_break_layout_final",
          "ext4_wait_dax_page",
          "xfs_wait_dax_page"));

  /** Functions that take struct pages away. */
  static final List<String> REMOVING = List.of("arch_remove_memory");

  /** The event system of the probes. */
  static final String GROUP = "gup";

  private static final int MAJOR_5 = 5;
  private static final int MAJOR_6 = 6;
  private static final int MAJOR_7 = 7;
  private static final int MINOR_12 = 12;
  private static final int MINOR_17 = 17;

  private final List<Probe> probes;
  private final String bpftrace;
  private final List<String> waits;

  /**
   * A probe.
   *
   * @param event the name of its event: one that ends with put takes {@code val} away
   * @param definition a line of {@code dynamic_events}
   */
  record Probe(String event, String definition) {
    /** The kernel function that is probed. */
    String function() {
      String symbol = definition.split(" ", 3)[1];
      return symbol.replace("%return", "");
    }
  }

  /** Kernels in which the fast path returns the folio, and probes see arguments by name. */
  private static final class Folios {
    static final List<Probe> PROBES =
        List.of(
            fprobe("try_grab_folio_get", "try_grab_folio", "folio"),
            fprobe("try_grab_folio_fast_get", "try_grab_folio_fast%return", "$retval"),
            fprobe("gup_put_folio_put", "gup_put_folio", "folio"));

    static final String BPFTRACE =
        "fentry:try_grab_folio { $f = (uint64)args.folio; @held[$f] += args.refs;"
            + " @who[$f] = kstack; @task[$f] = comm; }"
            + " fexit:try_grab_folio_fast { $f = (uint64)retval; if ($f != 0)"
            + " { @held[$f] += args.refs; @who[$f] = kstack; @task[$f] = comm; } }"
            + " fentry:gup_put_folio { $f = (uint64)args.folio; @held[$f] -= args.refs;"
            + " if (@held[$f] == 0) { delete(@held[$f]); delete(@who[$f]); delete(@task[$f]); } }";

    private Folios() {}
  }

  ProbePoints(List<Probe> probes, String bpftrace, List<String> waits) {
    this.probes = probes;
    this.bpftrace = bpftrace;
    this.waits = waits;
  }

  private static Probe kprobe(String event, String function, String refs) {
    return new Probe(event, "p:gup/%s %s pfn=%%di:u64 val=%s:s32".formatted(event, function, refs));
  }

  private static Probe fprobe(String event, String function, String folio) {
    return new Probe(
        event, "f:gup/%s %s pfn=%s:u64 val=refs:s32".formatted(event, function, folio));
  }

  /** Those of a kernel. */
  public static ProbePoints of(int major, int minor) {
    if (major >= MAJOR_7) {
      return V7_2;
    }
    if (major < MAJOR_6) {
      return major == MAJOR_5 && minor >= MINOR_17 ? V6_1 : V5_10;
    }
    return minor >= MINOR_12 ? V6_12 : V6_1;
  }

  List<Probe> probes() {
    return probes;
  }

  /** Whether what is given back can be seen. */
  boolean seesPuts() {
    return probes.stream().anyMatch(probe -> probe.event().endsWith("put"));
  }

  /** Whether gets are seen by page and puts by folio, so that those of a tail do not match. */
  boolean mixesTails() {
    return this == V6_1;
  }

  /** A program for bpftrace; empty if there is none that makes sense. */
  String bpftrace() {
    return bpftrace;
  }

  List<String> waits() {
    return waits;
  }
}
