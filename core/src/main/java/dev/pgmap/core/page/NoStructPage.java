package dev.pgmap.core.page;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** An access to a pfn that has no struct page: it never had one, or it was removed. */
public final class NoStructPage extends MmException {
  private static final long serialVersionUID = 1L;

  private final long pfn;
  private final boolean removed;

  NoStructPage(long pfn, boolean removed, String why) {
    super(Errno.EFAULT, "pfn 0x%x has no struct page: %s".formatted(pfn, why));
    this.pfn = pfn;
    this.removed = removed;
  }

  /** The pfn that was asked for. */
  public long pfn() {
    return pfn;
  }

  /** Whether it had a struct page that was removed: the access is a use after free. */
  public boolean wasRemoved() {
    return removed;
  }
}
