package dev.pgmap.shell.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.pagewalk.PagemapEntry;
import dev.pgmap.core.pagewalk.PagemapSink;
import dev.pgmap.shell.format.Sizes;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Consumer;

/** Entries of a pagemap for people. */
final class PagemapText {
  private static final String[] SWAP_KINDS = {
    "device-exclusive-read",
    "hwpoison",
    "migration-read",
    "migration-read-exclusive",
    "migration-write",
    "device-write",
    "device-read",
    "device-exclusive",
    "marker"
  };
  private static final int FIRST_SWAP_KIND = 23;

  private PagemapText() {}

  static String line(long start, long end, long entry, long leafBytes) {
    String where = String.format(Locale.ROOT, "%012x-%012x", start, end);
    if (entry == 0) {
      return where + " -";
    }
    return "%s %-5s pfn 0x%x %s"
        .formatted(where, Sizes.brief(leafBytes), PagemapEntry.pfn(entry), flags(entry));
  }

  private static String flags(long entry) {
    StringJoiner flags = new StringJoiner(",");
    if ((entry & PagemapEntry.PRESENT) != 0) {
      flags.add("present");
    }
    if ((entry & PagemapEntry.SWAP) != 0) {
      flags.add("swap").add(swapKind(entry));
    }
    if ((entry & PagemapEntry.FILE) != 0) {
      flags.add("file");
    }
    if ((entry & PagemapEntry.EXCLUSIVE) != 0) {
      flags.add("exclusive");
    }
    return flags.toString();
  }

  private static String swapKind(long entry) {
    int kind = PagemapEntry.swapType(entry) - FIRST_SWAP_KIND;
    return kind >= 0 && kind < SWAP_KINDS.length
        ? SWAP_KINDS[kind]
        : "type-" + PagemapEntry.swapType(entry);
  }

  static void json(ObjectNode json, long start, long end, long entry, long leafBytes) {
    json.put("start", "0x" + Long.toHexString(start))
        .put("end", "0x" + Long.toHexString(end))
        .put("leaf", leafBytes)
        .put("pfn", PagemapEntry.pfn(entry))
        .put("flags", flags(entry));
  }

  /** A sink that prints the entry of each 4 KiB, as a read of the file gives it. */
  static PagemapSink raw(Consumer<String> lines) {
    return (start, end, entry, leafBytes) -> {
      for (long at = start; at < end; at += 4096) {
        long one = entry == 0 ? 0 : PagemapEntry.advance(entry, at - start >>> 12);
        lines.accept(String.format(Locale.ROOT, "%016x", one));
      }
    };
  }
}
