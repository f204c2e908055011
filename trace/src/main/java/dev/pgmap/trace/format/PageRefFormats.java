package dev.pgmap.trace.format;

import dev.pgmap.core.page.PageFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The seven page_ref events. The names of page flags stand in the order of the series; their bits
 * are those of our struct pages in every series, and flags that ours do not have are left out.
 */
final class PageRefFormats {
  private static final List<String> LAST = List.of("mlocked", "hwpoison", "idle", "young");

  static final List<String> FLAGS =
      List.of(
          "locked",
          "waiters",
          "referenced",
          "uptodate",
          "dirty",
          "lru",
          "active",
          "workingset",
          "owner_priv_1",
          "owner_2",
          "arch_1",
          "reserved",
          "private",
          "private_2",
          "writeback",
          "head",
          "reclaim",
          "swapbacked",
          "unevictable",
          "dropbehind");

  static final List<String> FLAGS_6_12 =
      FLAGS.stream().filter(flag -> !flag.equals("dropbehind")).toList();

  static final List<String> FLAGS_TO_6_1 =
      FLAGS_6_12.stream().filter(flag -> !flag.equals("owner_2")).toList();

  private static final List<String> FIELDS =
      List.of(
          "unsigned long pfn",
          "unsigned long flags",
          "int count",
          "int mapcount",
          "void * mapping",
          "int mt",
          "int val");

  private PageRefFormats() {}

  static List<FormatSpec> of(KernelSeries series) {
    List<String> flags = series.traits().pageFlags();
    return List.of(
        spec("page_ref_set", flags, false),
        spec("page_ref_mod", flags, false),
        spec("page_ref_mod_and_test", flags, true),
        spec("page_ref_mod_and_return", flags, true),
        spec("page_ref_mod_unless", flags, true),
        spec("page_ref_freeze", flags, true),
        spec("page_ref_unfreeze", flags, false));
  }

  private static FormatSpec spec(String name, List<String> flags, boolean returns) {
    List<String> declarations = new ArrayList<>(FIELDS);
    if (returns) {
      declarations.add("int ret");
    }
    String mask = "REC->flags & ((1UL << %d) - 1)".formatted(PageFlag.values().length);
    String printFmt =
        "\"pfn=0x%lx flags=%s count=%d mapcount=%d mapping=%p mt=%d val=%d"
            + (returns ? " ret=%d" : "")
            + "\", REC->pfn, ("
            + mask
            + ") ? __print_flags("
            + mask
            + ", \"|\", "
            + list(flags)
            + ") : \"none\", REC->count, REC->mapcount, REC->mapping, REC->mt, REC->val"
            + (returns ? ", REC->ret" : "");
    return new FormatSpec("page_ref", name, declarations, printFmt);
  }

  private static String list(List<String> flags) {
    return flags.stream()
            .map(flag -> "{ 1UL << %d, \"%s\" }".formatted(bit(flag), flag))
            .collect(Collectors.joining(", "))
        + LAST.stream()
            .map(flag -> " ,{1UL << %d, \"%s\"}".formatted(bit(flag), flag))
            .collect(Collectors.joining())
        + " ";
  }

  private static int bit(String flag) {
    return PageFlag.valueOf(flag.toUpperCase(Locale.ROOT)).ordinal();
  }
}
