package dev.pgmap.core.page;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** {@code enum pageflags} of 7.x; the ordinal is the bit number. */
public enum PageFlag {
  LOCKED,
  WRITEBACK,
  REFERENCED,
  UPTODATE,
  DIRTY,
  LRU,
  HEAD,
  WAITERS,
  ACTIVE,
  WORKINGSET,
  OWNER_PRIV_1,
  OWNER_2,
  ARCH_1,
  RESERVED,
  PRIVATE,
  PRIVATE_2,
  RECLAIM,
  SWAPBACKED,
  UNEVICTABLE,
  DROPBEHIND,
  MLOCKED,
  HWPOISON,
  YOUNG,
  IDLE;

  /** {@code PG_anon_exclusive}: what the bit means on an anonymous page. */
  public static final PageFlag ANON_EXCLUSIVE = OWNER_2;

  private static final PageFlag[] ALL = values();

  /** The flag's bit in the flags word. */
  public long bit() {
    return 1L << ordinal();
  }

  /** The name that the kernel prints, such as {@code reserved}. */
  public String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The flags that are set in a flags word. */
  public static Set<PageFlag> of(long flags) {
    EnumSet<PageFlag> set = EnumSet.noneOf(PageFlag.class);
    for (PageFlag flag : ALL) {
      if ((flags & flag.bit()) != 0) {
        set.add(flag);
      }
    }
    return set;
  }
}
