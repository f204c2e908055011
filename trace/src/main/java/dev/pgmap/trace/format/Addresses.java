package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import java.util.Locale;

/** Network addresses and uuids, as {@code %pM}, {@code %pI…} and {@code %pU} print them. */
final class Addresses {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int[] GUID_ORDER = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

  private Addresses() {}

  static void mac(StringBuilder out, TraceEvent event, EventField field, String extension) {
    String delimiter = extension.startsWith("m") ? "" : extension.startsWith("MF") ? "-" : ":";
    boolean reverse = extension.endsWith("R");
    for (int i = 0; i < 6; i++) {
      out.append(i == 0 ? "" : delimiter);
      Digits.hex(out, Fields.octet(event, field, reverse ? 5 - i : i), 2);
    }
  }

  static void uuid(StringBuilder out, TraceEvent event, EventField field, String extension) {
    boolean guid = extension.equals("UL") || extension.equals("Ul");
    int start = out.length();
    for (int i = 0; i < 16; i++) {
      out.append(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
      Digits.hex(out, Fields.octet(event, field, guid ? GUID_ORDER[i] : i), 2);
    }
    if (extension.equals("UL") || extension.equals("UB")) {
      out.replace(start, out.length(), out.substring(start).toUpperCase(Locale.ROOT));
    }
  }

  static void ip(StringBuilder out, TraceEvent event, EventField field, String extension) {
    boolean compressed = extension.endsWith("c");
    if (extension.startsWith("4", 1)) {
      ip4(out, event, field, 0, extension);
    } else if (extension.startsWith("S", 1)) {
      socket(out, event, field, extension.indexOf('p') > 0, compressed);
    } else {
      ip6(out, event, field, 0, compressed, extension.startsWith("I"));
    }
  }

  private static void socket(
      StringBuilder out, TraceEvent event, EventField field, boolean port, boolean compressed) {
    int family = Fields.octet(event, field, 0) | Fields.octet(event, field, 1) << 8;
    if (family == AF_INET) {
      ip4(out, event, field, 4, "I4");
    } else if (family == AF_INET6) {
      out.append(port ? "[" : "");
      ip6(out, event, field, 8, compressed, true);
      out.append(port ? "]" : "");
    } else {
      return;
    }
    if (port) {
      out.append(':').append(word(event, field, 2));
    }
  }

  private static void ip4(
      StringBuilder out, TraceEvent event, EventField field, int at, String extension) {
    boolean zeros = extension.startsWith("i");
    boolean reverse = extension.endsWith("h") || extension.endsWith("l");
    for (int i = 0; i < 4; i++) {
      String octet = Integer.toString(Fields.octet(event, field, at + (reverse ? 3 - i : i)));
      out.append(i == 0 ? "" : ".").repeat('0', zeros ? 3 - octet.length() : 0).append(octet);
    }
  }

  private static void ip6(
      StringBuilder out,
      TraceEvent event,
      EventField field,
      int at,
      boolean compressed,
      boolean colons) {
    int[] words = new int[8];
    for (int i = 0; i < 8; i++) {
      words[i] = word(event, field, at + 2 * i);
    }
    if (compressed) {
      compressed(out, words);
      return;
    }
    for (int i = 0; i < 8; i++) {
      out.append(i > 0 && colons ? ":" : "");
      Digits.hex(out, words[i], 4);
    }
  }

  /** The longest run of zeros, of two words at least, as {@code ::}. */
  private static void compressed(StringBuilder out, int[] words) {
    int runAt = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && words[end] == 0) {
        end++;
      }
      if (end - i > run) {
        run = end - i;
        runAt = i;
      }
    }
    for (int i = 0; i < 8; i++) {
      if (i == runAt) {
        out.append("::");
        i += run - 1;
      } else {
        out.append(i == 0 || i == runAt + run && runAt >= 0 ? "" : ":");
        Digits.hex(out, words[i]);
      }
    }
  }

  private static int word(TraceEvent event, EventField field, int at) {
    return Fields.octet(event, field, at) << 8 | Fields.octet(event, field, at + 1);
  }
}
