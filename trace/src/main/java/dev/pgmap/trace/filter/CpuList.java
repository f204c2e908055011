package dev.pgmap.trace.filter;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A list of cpus such as {@code 0,2-3}. */
final class CpuList {
  private static final int MAX_CPU = 8191;
  private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})(?:-(\\d{1,5}))?\\s*");

  private CpuList() {}

  /** The cpus; null if the text is not a list, or names one beyond what a kernel can have. */
  static @Nullable BitSet parse(String text) {
    BitSet cpus = new BitSet();
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part);
      if (!matcher.matches()) {
        return null;
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first > last || last > MAX_CPU) {
        return null;
      }
      cpus.set(first, last + 1);
    }
    return cpus;
  }
}
