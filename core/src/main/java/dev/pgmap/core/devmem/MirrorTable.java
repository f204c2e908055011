package dev.pgmap.core.devmem;

import java.util.HashMap;
import java.util.Map;

/**
 * What a mirror knows of the pages of an address space, by page number ({@code dmirror->pt}): where
 * the bytes are, and what the device may do with them. The caller holds the mirror's lock.
 */
final class MirrorTable {
  /** A known page. */
  record Entry(long pfn, boolean writable, boolean exclusive) {}

  private final Map<Long, Entry> entries = new HashMap<>();

  void put(long address, Entry entry) {
    entries.put(address >>> 12, entry);
  }

  @org.jspecify.annotations.Nullable
  Entry get(long address) {
    return entries.get(address >>> 12);
  }

  void erase(long start, long end) {
    if (end - start >>> 12 > entries.size()) {
      entries.keySet().removeIf(page -> page >= start >>> 12 && page < end + 4095 >>> 12);
      return;
    }
    for (long at = start; at < end; at += 4096) {
      entries.remove(at >>> 12);
    }
  }

  void clear() {
    entries.clear();
  }
}
