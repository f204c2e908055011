package dev.pgmap.trace.ledger.pairing;

import java.util.List;

/**
 * Functions that acquire references, and those that release them.
 *
 * @param holding what an outstanding reference means
 * @param acquirers names, or beginnings of names that end with {@code *}
 * @param releasers the same; with {@link #ANY} among them, or empty, if any put releases it
 */
public record Family(String name, Holding holding, List<String> acquirers, List<String> releasers) {
  /** Among releasers: any other function may do it too. */
  public static final String ANY = "any";

  /** A family. */
  public Family {
    acquirers = List.copyOf(acquirers);
    releasers = List.copyOf(releasers);
  }

  /** Whether only the releasers release it. */
  public boolean isStrict() {
    return !releasers.isEmpty() && !releasers.contains(ANY);
  }

  static boolean matches(List<String> patterns, String function) {
    for (String pattern : patterns) {
      boolean prefix = pattern.endsWith("*");
      if (prefix
          ? function.startsWith(pattern.substring(0, pattern.length() - 1))
          : function.equals(pattern)) {
        return true;
      }
    }
    return false;
  }
}
