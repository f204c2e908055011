package dev.pgmap.trace.event;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Functions by address: the kallsyms of a source. Immutable; addresses are unsigned. */
public final class Symbols {
  /** No symbols. */
  public static final Symbols NONE = new Symbols(Map.of());

  private final long[] addresses;

  /** The addresses with their sign bit flipped: in the order of signed numbers. */
  private final long[] ordered;

  private final String[] names;
  private final Map<String, Long> byName = new HashMap<>();

  /**
   * A table. The last symbol has no end: add one that ends it if addresses beyond it occur. An
   * empty name ends the function before it and is no function itself.
   *
   * @param byAddress names by start address
   */
  public Symbols(Map<Long, String> byAddress) {
    TreeMap<Long, String> sorted = new TreeMap<>(Long::compareUnsigned);
    sorted.putAll(byAddress);
    addresses = sorted.keySet().stream().mapToLong(Long::longValue).toArray();
    ordered = Arrays.stream(addresses).map(address -> address ^ Long.MIN_VALUE).toArray();
    names = sorted.values().toArray(String[]::new);
    for (int i = 0; i < names.length; i++) {
      byName.putIfAbsent(names[i], addresses[i]);
    }
    byName.remove("");
  }

  /** The function that an address is in; null if it is in none. */
  public @Nullable String nameOf(long address) {
    int index = find(address);
    return index < 0 ? null : names[index];
  }

  /** How far an address is into its function; 0 if it is in none. */
  public long offsetOf(long address) {
    int index = find(address);
    return index < 0 ? 0 : address - addresses[index];
  }

  /** Bytes from the start of the function that an address is in to the next; 0 if unknown. */
  public long bytesOf(long address) {
    int index = find(address);
    return index < 0 || index == names.length - 1 ? 0 : addresses[index + 1] - addresses[index];
  }

  /** Where a function starts; null if it is not known. */
  public @Nullable Long addressOf(String name) {
    return byName.get(name);
  }

  /** Number of symbols. */
  public int size() {
    return names().size();
  }

  /** The names by ascending address. */
  public List<String> names() {
    return Arrays.stream(names).filter(name -> !name.isEmpty()).toList();
  }

  /** The text of {@code /proc/kallsyms}. */
  public String toKallsyms() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      if (!names[i].isEmpty()) {
        text.append("%016x t %s\n".formatted(addresses[i], names[i]));
      }
    }
    return text.toString();
  }

  private int find(long address) {
    int index = Arrays.binarySearch(ordered, address ^ Long.MIN_VALUE);
    int found = index >= 0 ? index : -index - 2;
    return found >= 0 && names[found].isEmpty() ? -1 : found;
  }
}
