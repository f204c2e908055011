package dev.pgmap.core.migrate;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import java.util.List;

/** {@code folio_migrate_mapping} and {@code folio_migrate_flags} for anonymous folios. */
final class FolioMove {
  private static final List<PageFlag> COPIED =
      List.of(
          PageFlag.UPTODATE,
          PageFlag.DIRTY,
          PageFlag.REFERENCED,
          PageFlag.ACTIVE,
          PageFlag.WORKINGSET,
          PageFlag.SWAPBACKED);

  private final PageRefs refs;
  private final StructPages pages;

  FolioMove(MmContext context) {
    this.refs = context.refs();
    this.pages = context.pages();
  }

  /**
   * Makes the destination what the source was.
   *
   * @param extraRefs references on the source that the caller knows of, beside its own
   * @return false if anybody else holds the source; nothing changed then
   */
  @KernelFunction("folio_migrate_mapping")
  boolean move(long srcHead, long dstHead, int extraRefs) {
    long src = pages.record(srcHead);
    int expected = 1 + extraRefs;
    if (RefWord.users(refs.word(src)) != expected || !leaveDeferredList(srcHead, src, expected)) {
      return false;
    }
    long dst = pages.record(dstHead);
    pages.setIndex(dst, pages.index(src));
    pages.setMapping(dst, pages.mapping(src));
    for (PageFlag flag : COPIED) {
      if (pages.testFlag(src, flag)) {
        pages.setFlag(dst, flag);
      }
    }
    return true;
  }

  /** A large folio is taken off the list of those to be split, while nobody can get it. */
  private boolean leaveDeferredList(long head, long rec, int expected) {
    if (pages.order(head) <= 1) {
      return true;
    }
    if (!refs.freeze(head, rec, expected)) {
      return false;
    }
    refs.unfreeze(head, rec, expected);
    return true;
  }
}
