package dev.pgmap.trace.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far {@code trace-cmd report} indents a function: as deep as its caller was last seen on that
 * cpu, and by nothing if it was not seen.
 */
final class FunctionIndent {
  private final Map<Integer, List<String>> callsByCpu = new HashMap<>();

  /** The depth of a function, from 0; one without a name cannot be seen as a caller later. */
  int depthOf(int cpu, @Nullable String function, String caller) {
    List<String> calls = callsByCpu.computeIfAbsent(cpu, unused -> new ArrayList<>());
    int known = calls.indexOf(caller);
    if (known < 0) {
      put(calls, 0, caller);
    }
    int depth = Math.max(known, 0);
    if (function != null) {
      put(calls, depth + 1, function);
    }
    return depth;
  }

  private static void put(List<String> calls, int index, String function) {
    if (index < calls.size()) {
      calls.set(index, function);
    } else {
      calls.add(function);
    }
  }
}
