package dev.pgmap.core.machine;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.hotplug.MemoryBlock;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.vmemmap.Altmap;
import java.util.ArrayList;
import java.util.List;

/**
 * What must hold whenever no engine call is under way: counts, pin counts, pgmap references,
 * altmaps.
 *
 * <p>Call it at quiet moments only; it reads every struct page.
 */
public final class Invariants {
  private static final int MAX_FINDINGS = 20;
  private static final int DISTINCT_RECORDS = 128;

  private final Machine machine;
  private final boolean idle;
  private final List<String> findings = new ArrayList<>();

  private Invariants(Machine machine, boolean idle) {
    this.machine = machine;
    this.idle = idle;
  }

  /** Checks a machine; an empty list means that all holds. */
  public static List<String> check(Machine machine) {
    return check(machine, false);
  }

  private static List<String> check(Machine machine, boolean idle) {
    Invariants invariants = new Invariants(machine, idle);
    Pagemaps pagemaps = machine.pagemaps();
    for (DevPagemap pgmap : pagemaps.all()) {
      if (pgmap.state() == DevPagemap.State.LIVE) {
        invariants.checkPagemap(pgmap);
      }
    }
    invariants.checkPins();
    invariants.checkBlocks();
    return invariants.findings;
  }

  /** Checks, besides, that nobody holds a reference or a pin beyond what mappings hold. */
  public static List<String> checkIdle(Machine machine) {
    List<String> findings = new ArrayList<>(check(machine, true));
    long pinned = machine.vmstat().pinAcquired() - machine.vmstat().pinReleased();
    if (pinned != 0) {
      findings.add("vmstat: " + pinned + " pages pinned and never unpinned");
    }
    return findings;
  }

  private void checkPagemap(DevPagemap pgmap) {
    PagemapHold hold = machine.pagemaps().policies().hold();
    long expectedRefs = 1;
    for (int i = 0; i < pgmap.spec().ranges().size(); i++) {
      expectedRefs += checkFolios(pgmap, i);
      expectedRefs += hold.isInBulk(pgmap.spec().type()) ? pgmap.nrFolios(i) : 0;
    }
    if (pgmap.refCount() != expectedRefs) {
      report("%s: %d references, expected %d", pgmap, pgmap.refCount(), expectedRefs);
    }
    Altmap altmap = pgmap.altmap();
    if (altmap != null && altmap.allocPages() != pgmap.vmemmapPages()) {
      report(
          "%s: altmap.alloc is %d, its struct pages use %d pages",
          pgmap, altmap.allocPages(), pgmap.vmemmapPages());
    }
  }

  /** Returns how many references of the pgmap the folios hold that someone uses. */
  private long checkFolios(DevPagemap pgmap, int range) {
    StructPages pages = machine.structPages();
    PagemapHold hold = machine.pagemaps().policies().hold();
    long nrHeld = 0;
    for (long head = pgmap.pfnFirst(range); head < pgmap.pfnEnd(range); ) {
      long rec = pages.record(head);
      int order = pages.order(head);
      int word = machine.pageRefs().word(rec);
      checkBase(pgmap, head, word);
      checkUsers(head, rec, order, RefWord.users(word));
      nrHeld += RefWord.isIdle(word) ? 0 : hold.refsOfFolio(pgmap.spec().type(), order);
      if (pages.isTail(rec) || pages.pgmapIndex(rec) != pgmap.index()) {
        report("page 0x%x: is not a head of %s", head, pgmap);
      }
      if (order > 0) {
        checkTails(head, order);
      }
      head += 1L << order;
    }
    return nrHeld;
  }

  /** The base reference of a 1-based type is there, or with a user where free pages hand it out. */
  private void checkBase(DevPagemap pgmap, long head, int word) {
    MemoryType type = pgmap.spec().type();
    RefcountScheme scheme = machine.pagemaps().policies().scheme();
    boolean canBeHandedOut = scheme.isTold(type) && !scheme.isManaged(type);
    if (!scheme.hasBase(type) && RefWord.hasBase(word)) {
      report("page 0x%x: a base reference, though its type is 0-based", head);
    }
    if (scheme.hasBase(type)
        && !RefWord.hasBase(word)
        && !(canBeHandedOut && !RefWord.isIdle(word))) {
      report("page 0x%x: no base reference while its pgmap is live", head);
    }
  }

  private void checkUsers(long head, long rec, int order, int users) {
    StructPages pages = machine.structPages();
    int mappings = order == 0 ? pages.mapcount(rec) + 1 : pages.largeMapcount(rec) + 1;
    int pins = order == 0 ? 0 : pages.pincount(rec);
    if (mappings < 0 || pins < 0 || users < mappings + pins) {
      report("page 0x%x: %d users, but %d mappings and %d pins", head, users, mappings, pins);
    }
    if (idle && (users != mappings || pins != 0)) {
      report("page 0x%x: %d users and %d pins, but only %d mappings", head, users, pins, mappings);
    }
  }

  private void checkTails(long head, int order) {
    StructPages pages = machine.structPages();
    PageRefs refs = machine.pageRefs();
    boolean shared = pages.map().sharesTails(head >>> SubsectionMap.SUBSECTION_PAGES_SHIFT);
    long end = head + (shared ? DISTINCT_RECORDS : 1L << order);
    for (long pfn = head + 1; pfn < end; pfn++) {
      long rec = pages.record(pfn);
      if (refs.word(rec) != 0 || !pages.isTail(rec) || pages.rawWord(rec, 1) >>> 1 != head) {
        report("page 0x%x: is not an unreferenced tail of 0x%x", pfn, head);
      }
    }
  }

  private void checkPins() {
    long acquired = machine.vmstat().pinAcquired();
    long released = machine.vmstat().pinReleased();
    if (released > acquired) {
      report("vmstat: %d pages unpinned, but only %d pinned", released, acquired);
    }
  }

  /** A block is System RAM exactly while it is online; blocks of boot memory may have holes. */
  private void checkBlocks() {
    for (MemoryBlock block : machine.memoryBlocks().all()) {
      boolean hasRam =
          machine.ram().ranges().stream().anyMatch(range -> range.overlaps(block.range()));
      if (hasRam != block.isOnline()) {
        report("%s: online is %s, but it has RAM is %s", block, block.isOnline(), hasRam);
      }
    }
  }

  private void report(String format, Object... args) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(format.formatted(args));
    }
  }
}
