package dev.pgmap.core.phys;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One bit per page frame: set once the page has held anything but zeroes.
 *
 * <p>Kept in chunks of one memory section, made when first needed. Thread-safe.
 */
final class Presence {
  private static final int CHUNK_SHIFT = 15;
  private static final int CHUNK_LONGS = 1 << (CHUNK_SHIFT - 6);

  private final AtomicReferenceArray<@Nullable AtomicLongArray> chunks;

  Presence(long nrPages) {
    chunks = new AtomicReferenceArray<>(Math.toIntExact((nrPages >>> CHUNK_SHIFT) + 1));
  }

  boolean get(long pfn) {
    AtomicLongArray chunk = chunks.get((int) (pfn >>> CHUNK_SHIFT));
    return chunk != null && (chunk.get(word(pfn)) & bit(pfn)) != 0;
  }

  void set(long pfn) {
    AtomicLongArray chunk = chunkFor(pfn);
    chunk.getAndUpdate(word(pfn), w -> w | bit(pfn));
  }

  void setRange(long firstPfn, long endPfn) {
    forWords(firstPfn, endPfn, true);
  }

  void clearRange(long firstPfn, long endPfn) {
    forWords(firstPfn, endPfn, false);
  }

  private void forWords(long firstPfn, long endPfn, boolean value) {
    for (long pfn = firstPfn; pfn < endPfn; ) {
      long next = Math.min(endPfn, (pfn | 63) + 1);
      AtomicLongArray chunk = value ? chunkFor(pfn) : chunks.get((int) (pfn >>> CHUNK_SHIFT));
      if (chunk != null) {
        long mask = (next - pfn == 64 ? -1L : (1L << (next - pfn)) - 1) << (pfn & 63);
        chunk.getAndUpdate(word(pfn), w -> value ? w | mask : w & ~mask);
      }
      pfn = next;
    }
  }

  private AtomicLongArray chunkFor(long pfn) {
    int at = (int) (pfn >>> CHUNK_SHIFT);
    AtomicLongArray chunk = chunks.get(at);
    if (chunk == null) {
      AtomicLongArray fresh = new AtomicLongArray(CHUNK_LONGS);
      chunk = chunks.compareAndSet(at, null, fresh) ? fresh : chunks.get(at);
    }
    return Objects.requireNonNull(chunk);
  }

  private static int word(long pfn) {
    return (int) (pfn >>> 6) & (CHUNK_LONGS - 1);
  }

  private static long bit(long pfn) {
    return 1L << (pfn & 63);
  }
}
