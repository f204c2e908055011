package dev.pgmap.shell.page;

import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that a struct page says, and what follows from it, read at one moment. Immutable.
 *
 * @param pfn the page
 * @param words the eight words of its record as they stand
 * @param headPfn the head of its folio; itself for a base page
 * @param order the folio's order; 0 for a base page
 * @param flags the flags word of the head
 * @param refWord the reference word of the head
 * @param mapcount how many PTEs map the page itself
 * @param entireMapcount how many huge entries map the folio; 0 for a base page
 * @param pincount the folio's pins; -1 for a base page, whose pins are in its references
 * @param mapping the number of the address space; 0 for none
 * @param mappingName its path, or what it is
 * @param index the page's offset in its file
 * @param zoneDevice whether it is in ZONE_DEVICE
 * @param pgmap its pgmap, or null
 */
record PageView(
    long pfn,
    List<Long> words,
    long headPfn,
    int order,
    long flags,
    int refWord,
    int mapcount,
    int entireMapcount,
    int pincount,
    long mapping,
    String mappingName,
    long index,
    boolean zoneDevice,
    @Nullable DevPagemap pgmap) {

  /**
   * Reads a page.
   *
   * @throws dev.pgmap.core.page.NoStructPage if the pfn has none, or none any more
   */
  static PageView read(Machine machine, long pfn) {
    int token = machine.sync().rcu().readLock();
    try {
      return readLocked(machine, pfn);
    } finally {
      machine.sync().rcu().readUnlock(token);
    }
  }

  private static PageView readLocked(Machine machine, long pfn) {
    StructPages pages = machine.structPages();
    PageRefs refs = machine.pageRefs();
    long rec = pages.record(pfn);
    long headPfn = pages.headPfn(pfn);
    long head = pages.record(headPfn);
    int order = pages.order(headPfn);
    long mapping = pages.mapping(head);
    boolean zoneDevice = pages.isZoneDevice(head);
    return new PageView(
        pfn,
        words(pages, rec),
        headPfn,
        order,
        pages.flags(head),
        refs.word(head),
        pages.mapcount(rec) + 1,
        order == 0 ? 0 : pages.entireMapcount(head) + 1,
        order == 0 ? -1 : pages.pincount(head),
        mapping,
        name(machine, mapping),
        pages.index(head) + (pfn - headPfn),
        zoneDevice,
        zoneDevice ? machine.pagemaps().byIndex(pages.pgmapIndex(head)) : null);
  }

  private static List<Long> words(StructPages pages, long rec) {
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < PageLayout.RECORD_BYTES / 8; i++) {
      words.add(pages.rawWord(rec, i));
    }
    return List.copyOf(words);
  }

  private static String name(Machine machine, long mapping) {
    if (mapping == 0) {
      return "none";
    }
    if (AddressSpace.isAnonymous(mapping)) {
      return "anonymous memory";
    }
    AddressSpace space = machine.addressSpaces().byMapping(mapping);
    return space == null ? "a file that is gone" : space.name();
  }

  boolean isTail() {
    return pfn != headPfn;
  }

  /** {@code _refcount} of the folio as this era's kernel shows it. */
  int refcount() {
    return RefWord.raw(refWord);
  }

  /** Pins, where they can be told: exactly for folios, by the bias for base pages. */
  int pins() {
    return pincount >= 0 ? pincount : RefWord.users(refWord) / RefWord.PIN_BIAS;
  }

  /** What the page is used for, in words. */
  String state() {
    if (words.stream().allMatch(word -> word == 0)) {
      return "never used, its struct page is all zero";
    }
    List<String> uses = new ArrayList<>();
    int mappings = order == 0 ? mapcount : entireMapcount + mapcount;
    if (mappings > 0) {
      uses.add("mapped " + mappings + "x");
    }
    if (pins() > 0) {
      uses.add("pinned " + pins() + "x");
    }
    if (uses.isEmpty()) {
      uses.add(RefWord.isIdle(refWord) ? "idle" : "referenced");
    }
    if (pgmap != null && pgmap.state() != DevPagemap.State.LIVE) {
      uses.add("its pgmap is " + pgmap.state().name().toLowerCase(Locale.ROOT));
    }
    return String.join(", ", uses);
  }
}
