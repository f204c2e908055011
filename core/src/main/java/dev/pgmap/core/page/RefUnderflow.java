package dev.pgmap.core.page;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** A put without a get, or an unpin without a pin: refused, and the page is as it was. */
public final class RefUnderflow extends MmException {
  private static final long serialVersionUID = 1L;

  RefUnderflow(long pfn, String what, long dropped, int held) {
    super(
        Errno.EINVAL,
        "page 0x%x".formatted(pfn),
        "a put of %d %s, but users hold %d".formatted(dropped, what, held),
        "a get or pin for every put",
        "look at the page with: page 0x%x".formatted(pfn));
  }
}
