package dev.pgmap.core.mm;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Numbers the {@link AnonVma}s of one machine, so that struct pages can name them. Thread-safe. */
final class AnonVmas {
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentHashMap<Long, AnonVma> live = new ConcurrentHashMap<>();

  AnonVma create() {
    AnonVma anon = new AnonVma(numbers.incrementAndGet(), this);
    live.put(anon.mapping(), anon);
    return anon;
  }

  /** The one that a struct page's {@code mapping} names, or null if no area is left of it. */
  @Nullable AnonVma byMapping(long mapping) {
    return live.get(mapping);
  }

  void forget(AnonVma anon) {
    live.remove(anon.mapping());
  }

  /** How many have areas. */
  int nrLive() {
    return live.size();
  }
}
