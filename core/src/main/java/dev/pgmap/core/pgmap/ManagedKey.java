package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.page.StructPages;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code devmap_managed_key}: whether any pgmap with managed pages exists, so that puts have to
 * look for one.
 *
 * <p>In a kernel it is a branch that is patched in; here it is a counter of such pgmaps, read
 * before each put, unless puts always look. Thread-safe.
 */
public final class ManagedKey {
  private final long managedTypes;
  private final RefcountScheme scheme;
  private final boolean isUsed;
  private final AtomicInteger users = new AtomicInteger();

  ManagedKey(RefcountScheme scheme, boolean isUsed) {
    this.scheme = scheme;
    this.isUsed = isUsed;
    long types = 0;
    for (MemoryType type : scheme.managed()) {
      types |= 1L << type.ordinal() + 1;
    }
    this.managedTypes = types;
  }

  /** {@code devmap_managed_enable_get}; does nothing for a type that is not managed. */
  void get(MemoryType type) {
    if (scheme.isManaged(type)) {
      users.incrementAndGet();
    }
  }

  /** {@code devmap_managed_enable_put}. */
  void put(MemoryType type) {
    if (scheme.isManaged(type)) {
      users.decrementAndGet();
    }
  }

  /** How many pgmaps keep the key on. */
  public int users() {
    return users.get();
  }

  /** Whether puts of this head or base page look for a count of one. */
  boolean covers(StructPages pages, long headRec) {
    return (!isUsed || users.getPlain() > 0)
        && pages.isZoneDevice(headRec)
        && (managedTypes >>> pages.deviceType(headRec) & 1) != 0;
  }
}
