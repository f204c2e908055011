package dev.pgmap.shell.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.vmemmap.Altmap;
import dev.pgmap.shell.format.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A page for people, and for programs. */
final class PageReport {
  private PageReport() {}

  static List<String> lines(PageView page) {
    List<String> lines = new ArrayList<>();
    lines.add("page 0x%x: %s".formatted(page.pfn(), page.state()));
    add(lines, "refcount", refcount(page));
    add(lines, "mapcount", mapcount(page));
    add(lines, "pincount", pincount(page));
    add(lines, "compound", compound(page));
    add(lines, "flags", "0x%x (%s)".formatted(page.flags(), PageText.flagNames(page.flags())));
    add(lines, "mapping", "%s, index 0x%x".formatted(page.mappingName(), page.index()));
    add(lines, "pgmap", pgmap(page));
    String label = "  %-9s".formatted("raw");
    for (String line : PageText.rawLines("", page.words())) {
      lines.add(label + line);
      label = " ".repeat(label.length());
    }
    return lines;
  }

  private static void add(List<String> lines, String label, String value) {
    lines.add("  %-9s %s".formatted(label, value));
  }

  private static String refcount(PageView page) {
    int word = page.refWord();
    return "%d (word 0x%08x: %d of users%s)"
        .formatted(
            page.refcount(),
            word,
            RefWord.users(word),
            RefWord.hasBase(word) ? " + the base reference" : "; 0-based");
  }

  private static String mapcount(PageView page) {
    return page.order() == 0
        ? Integer.toString(page.mapcount())
        : "%d, of the whole folio %d".formatted(page.mapcount(), page.entireMapcount());
  }

  private static String pincount(PageView page) {
    return page.pincount() >= 0
        ? Integer.toString(page.pincount())
        : "about %d (a base page has none: 1024 references count as a pin)".formatted(page.pins());
  }

  private static String compound(PageView page) {
    if (page.order() == 0) {
      return "no, a base page";
    }
    String role = page.isTail() ? "tail %d of".formatted(page.pfn() - page.headPfn()) : "head of";
    return "%s folio 0x%x, order %d (%d pages)"
        .formatted(role, page.headPfn(), page.order(), 1L << page.order());
  }

  private static String pgmap(PageView page) {
    DevPagemap pgmap = page.pgmap();
    if (pgmap == null) {
      return noPagemap(page);
    }
    Altmap altmap = pgmap.altmap();
    return "%d: %s, %s, %s, %d references, struct pages in %s"
        .formatted(
            pgmap.index(),
            pgmap.name(),
            lower(pgmap.spec().type()),
            lower(pgmap.state()),
            pgmap.refCount(),
            altmap == null ? "RAM" : "the device (altmap)");
  }

  private static String noPagemap(PageView page) {
    if (!page.zoneDevice()) {
      return "none, System RAM";
    }
    return page.words().get(1) == 0 ? "none: it holds struct pages (altmap)" : "gone";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ObjectNode json(PageView page) {
    ObjectNode json =
        JsonText.object()
            .put("pfn", page.pfn())
            .put("state", page.state())
            .put("refcount", page.refcount())
            .put("reference_word", Integer.toUnsignedLong(page.refWord()))
            .put("users", RefWord.users(page.refWord()))
            .put("base_reference", RefWord.hasBase(page.refWord()))
            .put("mapcount", page.mapcount())
            .put("entire_mapcount", page.entireMapcount())
            .put("pins", page.pins())
            .put("head", page.headPfn())
            .put("tail", page.isTail())
            .put("order", page.order());
    ArrayNode flags = json.put("flags", page.flags()).putArray("flag_names");
    PageFlag.of(page.flags()).forEach(flag -> flags.add(flag.kernelName()));
    json.put("zone_device", page.zoneDevice());
    json.put("mapping", page.mappingName()).put("index", page.index());
    DevPagemap pgmap = page.pgmap();
    if (pgmap != null) {
      json.putObject("pgmap")
          .put("index", pgmap.index())
          .put("device", pgmap.name())
          .put("type", lower(pgmap.spec().type()))
          .put("state", lower(pgmap.state()))
          .put("references", pgmap.refCount());
    }
    ArrayNode raw = json.putArray("raw");
    page.words().forEach(word -> raw.add(String.format(Locale.ROOT, "%016x", word)));
    return json;
  }
}
