package dev.pgmap.core.pgmap;

/** Which op a kernel calls when a page becomes free. */
public enum FreeCallback {
  /** {@code page_free}, up to 6.18. */
  PAGE_FREE {
    @Override
    void call(DevPagemap pgmap, long headPfn, int order) {
      pgmap.ops().pageFree(pgmap, headPfn);
    }
  },

  /** {@code folio_free}, 6.19 on. */
  FOLIO_FREE {
    @Override
    void call(DevPagemap pgmap, long headPfn, int order) {
      pgmap.ops().folioFree(pgmap, headPfn, order);
    }
  };

  abstract void call(DevPagemap pgmap, long headPfn, int order);
}
