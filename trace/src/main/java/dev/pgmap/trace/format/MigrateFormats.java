package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;

/** The events of page migration. */
final class MigrateFormats {
  static final List<String> REASONS_5_10 =
      List.of(
          "compaction",
          "memory_failure",
          "memory_hotplug",
          "syscall_or_cpuset",
          "mempolicy_mbind",
          "numa_misplaced",
          "contig_range");

  static final List<String> REASONS_6_1 = plus(REASONS_5_10, "longterm_pin", "demotion");
  static final List<String> REASONS = plus(REASONS_6_1, "damon");

  private static final String MODE =
      "__print_symbolic(REC->mode, {0, \"MIGRATE_ASYNC\"}, {1, \"MIGRATE_SYNC_LIGHT\"},"
          + " {2, \"MIGRATE_SYNC\"})";

  private MigrateFormats() {}

  static List<FormatSpec> of(KernelSeries series) {
    KernelSeries.FormatTraits traits = series.traits();
    String modeAndReason =
        MODE + ", __print_symbolic(REC->reason, " + reasons(traits.migrateReasons()) + ")";
    List<FormatSpec> all = new ArrayList<>();
    all.add(migratePages(traits.largeFolioSplit(), modeAndReason));
    if (traits.migrationEntries()) {
      all.add(
          spec(
              "mm_migrate_pages_start",
              List.of("enum migrate_mode mode", "int reason"),
              "\"mode=%s reason=%s\", " + modeAndReason));
      all.add(entry("set_migration_pte"));
      all.add(entry("remove_migration_pte"));
    }
    return all;
  }

  private static FormatSpec migratePages(boolean largeFolioSplit, String modeAndReason) {
    List<String> fields = new ArrayList<>();
    for (String name : List.of("succeeded", "failed", "thp_succeeded", "thp_failed", "thp_split")) {
      fields.add("unsigned long " + name);
    }
    String split = "";
    String splitArgument = "";
    if (largeFolioSplit) {
      fields.add("unsigned long large_folio_split");
      split = " nr_split=%lu";
      splitArgument = ", REC->large_folio_split";
    }
    fields.add("enum migrate_mode mode");
    fields.add("int reason");
    return spec(
        "mm_migrate_pages",
        fields,
        "\"nr_succeeded=%lu nr_failed=%lu nr_thp_succeeded=%lu nr_thp_failed=%lu nr_thp_split=%lu"
            + split
            + " mode=%s reason=%s\", REC->succeeded, REC->failed, REC->thp_succeeded,"
            + " REC->thp_failed, REC->thp_split"
            + splitArgument
            + ", "
            + modeAndReason);
  }

  private static FormatSpec entry(String name) {
    return spec(
        name,
        List.of("unsigned long addr", "unsigned long pte", "int order"),
        "\"addr=%lx, pte=%lx order=%d\", REC->addr, REC->pte, REC->order");
  }

  private static FormatSpec spec(String name, List<String> fields, String printFmt) {
    return new FormatSpec("migrate", name, fields, printFmt);
  }

  private static String reasons(List<String> names) {
    List<String> list = new ArrayList<>();
    for (int reason = 0; reason < names.size(); reason++) {
      list.add("{%d, \"%s\"}".formatted(reason, names.get(reason)));
    }
    return String.join(", ", list);
  }

  private static List<String> plus(List<String> names, String... more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }
}
