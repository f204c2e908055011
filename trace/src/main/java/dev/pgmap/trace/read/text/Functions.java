package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceException;
import java.util.HashMap;
import java.util.Map;

/**
 * Addresses for the functions that a text names: made up in order of first mention, as text has
 * none. What a text shows as an address stays that.
 */
final class Functions {
  /** Where the first function lies: where kernels have their code. */
  static final long FIRST = 0xffffffff81000000L;

  /** Bytes of a function. */
  static final long BYTES = 0x100;

  private static final int MAX_FUNCTIONS = 1 << 20;

  private final String source;
  private final Map<String, Long> addresses = new HashMap<>();

  Functions(String source) {
    this.source = source;
  }

  /**
   * Makes up an address for a function that has none yet.
   *
   * @throws TraceException if there are too many
   */
  void add(String function) {
    if (isAddress(function) || function.isEmpty()) {
      return;
    }
    addresses.computeIfAbsent(function, unused -> FIRST + addresses.size() * BYTES);
    if (addresses.size() > MAX_FUNCTIONS) {
      throw new TraceException(
          source, "more than %d functions".formatted(MAX_FUNCTIONS), "fewer", "it is no trace");
    }
  }

  /** The address of a function; 0 if nothing was told of it. */
  long address(String function) {
    if (isAddress(function)) {
      Long address = TextNumbers.number(function);
      return address == null ? 0 : address;
    }
    return addresses.getOrDefault(function, 0L);
  }

  private static boolean isAddress(String function) {
    return function.startsWith("0x");
  }

  /** The table of all functions so far. */
  Symbols symbols() {
    Map<Long, String> byAddress = new HashMap<>();
    addresses.forEach((name, address) -> byAddress.put(address, name));
    byAddress.put(FIRST + addresses.size() * BYTES, "");
    return new Symbols(byAddress);
  }
}
