package dev.pgmap.core.mm;

import dev.pgmap.api.mm.MappableFile;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the address spaces of one machine, so that struct pages can name them. Thread-safe.
 *
 * <p>Numbers are multiples of four: the low bits tell anonymous memory apart, as in the kernel.
 */
public final class AddressSpaces {
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentHashMap<Long, AddressSpace> live = new ConcurrentHashMap<>();

  /** An address space for a file or device node of this path. */
  public AddressSpace create(String name, MappableFile file) {
    AddressSpace space = new AddressSpace(numbers.incrementAndGet() << 2, name, file);
    live.put(space.id(), space);
    return space;
  }

  /** The address space that a struct page's {@code mapping} names, or null if it is gone. */
  public @Nullable AddressSpace byMapping(long mapping) {
    return live.get(mapping);
  }

  /** Revokes an address space and forgets its number, which is never used again. */
  public void remove(AddressSpace space) {
    space.revoke();
    live.remove(space.id());
  }
}
