package dev.pgmap.trace.filter;

import dev.pgmap.trace.ring.Words;
import org.jspecify.annotations.Nullable;

/**
 * A pattern with {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} and {@code \}, as the kernel's
 * glob_match takes it. Time is at most pattern times text.
 */
public record Glob(String pattern) {

  /** Whether a whole text matches. */
  public boolean matches(CharSequence text) {
    return matches(text, 0, text.length());
  }

  /** Whether bytes in memory match. */
  boolean matches(long address, int bytes) {
    return matches(null, address, bytes);
  }

  /** Goes back to the last star only: what an earlier one took is then settled. */
  private boolean matches(@Nullable CharSequence text, long address, int length) {
    int at = 0;
    int in = 0;
    int starIn = -1;
    int starAt = 0;
    while (at < length) {
      int next = in < pattern.length() ? step(in, octet(text, address, at)) : -1;
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        starIn = ++in;
        starAt = at;
      } else if (next > 0) {
        in = next;
        at++;
      } else if (starIn >= 0) {
        in = starIn;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }

  private static int octet(@Nullable CharSequence text, long address, int index) {
    return text != null ? text.charAt(index) : Words.getByte(address + index);
  }

  /** Where the pattern goes on if what stands at {@code in} takes the character; else -1. */
  private int step(int in, int c) {
    char head = pattern.charAt(in);
    if (head == '?') {
      return in + 1;
    }
    if (head == '[' && classEnd(in) > 0) {
      return inClass(in, c) ? classEnd(in) : -1;
    }
    boolean escaped = head == '\\' && in + 1 < pattern.length();
    int literal = escaped ? in + 1 : in;
    return pattern.charAt(literal) == c ? literal + 1 : -1;
  }

  /** The index after the closing bracket; -1 if there is none, and the bracket is a literal. */
  private int classEnd(int in) {
    int first = in + 1 + (isNegated(in) ? 1 : 0);
    return pattern.indexOf(']', first + 1) + 1;
  }

  private boolean isNegated(int in) {
    return in + 1 < pattern.length() && pattern.charAt(in + 1) == '!';
  }

  private boolean inClass(int in, int c) {
    boolean negated = isNegated(in);
    int end = classEnd(in) - 1;
    boolean found = false;
    for (int i = in + 1 + (negated ? 1 : 0); i < end; i++) {
      char low = pattern.charAt(i);
      char high = low;
      if (i + 2 < end && pattern.charAt(i + 1) == '-') {
        high = pattern.charAt(i + 2);
        i += 2;
      }
      found |= low <= c && c <= high;
    }
    return found != negated;
  }
}
