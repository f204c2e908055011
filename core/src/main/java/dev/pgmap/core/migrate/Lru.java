package dev.pgmap.core.migrate;

import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.PageFlag;

/**
 * What stands for the lists of recently used folios: the flag that says that a folio is on one.
 * Memory of a device never is.
 */
final class Lru {
  private final MmContext context;

  Lru(MmContext context) {
    this.context = context;
  }

  /** Takes a folio off its list, with a reference of its own ({@code folio_isolate_lru}). */
  void isolate(long head) {
    long rec = context.pages().record(head);
    context.refs().mod(head, rec, 1);
    context.pages().clearFlag(rec, PageFlag.LRU);
  }

  /** Puts an isolated folio on a list again and drops that reference. */
  void putBack(long head) {
    add(head);
    context.put().put(head, 1);
  }

  /** Puts a folio on a list ({@code folio_add_lru}). */
  void add(long head) {
    context.pages().setFlag(context.pages().record(head), PageFlag.LRU);
  }
}
