package dev.pgmap.core.pgmap;

import dev.pgmap.api.trace.Tracepoint;

/**
 * Our own trace events of a pgmap's life and of the references on it, which a kernel has no
 * tracepoints for.
 *
 * <p>The methods do nothing: a recorder weaves itself in. Stateless.
 */
final class PagemapEvents {
  private PagemapEvents() {}

  /** A range of a pgmap has struct pages from now on. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_create",
      fields = {
        "unsigned long pgmap",
        "unsigned long type",
        "unsigned long pfn",
        "unsigned long nr_pages",
        "unsigned long order"
      },
      print =
          "\"pgmap=%lu type=%lu pfn=0x%lx nr_pages=%lu order=%lu\", REC->pgmap, REC->type,"
              + " REC->pfn, REC->nr_pages, REC->order")
  static void create(long pgmap, long type, long pfn, long nrPages, long order) {}

  /** Lookups of the pgmap fail from now on. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_kill",
      fields = {"unsigned long pgmap", "long refs"},
      print = "\"pgmap=%lu refs=%ld\", REC->pgmap, REC->refs")
  static void kill(long pgmap, long refs) {}

  /** Teardown begins to wait until nobody holds the pgmap. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_wait",
      fields = {"unsigned long pgmap", "long refs"},
      print = "\"pgmap=%lu refs=%ld\", REC->pgmap, REC->refs")
  static void waitForRefs(long pgmap, long refs) {}

  /** Nobody holds the pgmap any more. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_drained",
      fields = {"unsigned long pgmap"},
      print = "\"pgmap=%lu\", REC->pgmap")
  static void drained(long pgmap) {}

  /** A range of a pgmap has no struct pages any more. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_remove",
      fields = {"unsigned long pgmap", "unsigned long pfn", "unsigned long nr_pages"},
      print = "\"pgmap=%lu pfn=0x%lx nr_pages=%lu\", REC->pgmap, REC->pfn, REC->nr_pages")
  static void remove(long pgmap, long pfn, long nrPages) {}

  /**
   * A lookup by pfn.
   *
   * @param pgmap what was found, 0 for nothing
   * @param live whether a reference was taken
   */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_ref_get",
      fields = {"unsigned long pgmap", "unsigned long pfn", "long live"},
      print = "\"pgmap=%lu pfn=0x%lx live=%ld\", REC->pgmap, REC->pfn, REC->live")
  static void refGet(long pgmap, long pfn, long live) {}

  /** References on a pgmap are dropped. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_ref_put",
      fields = {"unsigned long pgmap", "unsigned long nr"},
      print = "\"pgmap=%lu nr=%lu\", REC->pgmap, REC->nr")
  static void refPut(long pgmap, long nr) {}

  /** A folio of a pgmap got its final put. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_page_free",
      fields = {"unsigned long pgmap", "unsigned long pfn", "unsigned long order"},
      print = "\"pgmap=%lu pfn=0x%lx order=%lu\", REC->pgmap, REC->pfn, REC->order")
  static void pageFree(long pgmap, long pfn, long order) {}
}
