package dev.pgmap.trace.record;

import dev.pgmap.trace.event.Symbols;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The traced functions of the JVM, numbered from 0, each with an address as a kernel would give it.
 *
 * <p>Numbers are part of woven code and of records, so a function keeps its number for ever; a
 * plugin that comes back gets the old ones. Names only, nothing of a plugin. Thread-safe.
 */
public final class Functions {
  /** Where a kernel's text begins on x86-64. */
  public static final long TEXT_BASE = 0xffffffff81000000L;

  /** How far apart functions are. */
  public static final int SPACING_SHIFT = 8;

  private final List<String> names = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

  /** The number of a function, given now if it has none. */
  public synchronized int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    names.add(name);
    numbers.put(name, names.size() - 1);
    return names.size() - 1;
  }

  /** The number of a function; null if it has none. */
  public @Nullable Integer find(String name) {
    return numbers.get(name);
  }

  /** How many there are. */
  public int size() {
    return names.size();
  }

  /** The name of a function. */
  public String name(int number) {
    return names.get(number);
  }

  /** The address of a function. */
  public static long address(int number) {
    return TEXT_BASE + ((long) number << SPACING_SHIFT);
  }

  /** All of them as a symbol table, with an end. */
  public Symbols symbols() {
    Map<Long, String> byAddress = new HashMap<>();
    int size = names.size();
    for (int i = 0; i < size; i++) {
      byAddress.put(address(i), names.get(i));
    }
    byAddress.put(address(size), "_etext");
    return new Symbols(byAddress);
  }
}
