package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.Symbols;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts that a recording saves from the kernel's files. As trace-cmd does, none of them is an
 * error: what cannot be read is left out.
 */
final class SavedTexts {
  private static final int HEX = 16;
  private static final int MAX_ENTRIES = 4_000_000;
  private static final Pattern CURRENT = Pattern.compile("\\[([^\\]]{1,64})\\]");

  private SavedTexts() {}

  /**
   * Symbols of {@code /proc/kallsyms}: {@code ADDRESS TYPE NAME [MODULE]}. Absolute symbols and
   * marks that start with {@code $} are none; the first malformed line ends the table. Nothing says
   * how long the last function is: like trace-cmd, only its first byte is taken for it.
   */
  static Symbols symbols(String kallsyms) {
    Map<Long, String> names = new HashMap<>();
    int at = 0;
    while (at < kallsyms.length() && names.size() < MAX_ENTRIES) {
      int end = lineEnd(kallsyms, at);
      if (!addSymbol(kallsyms.substring(at, end), names)) {
        break;
      }
      at = end + 1;
    }
    names.keySet().stream()
        .max(Long::compareUnsigned)
        .filter(last -> last != -1)
        .ifPresent(last -> names.put(last + 1, ""));
    return new Symbols(names);
  }

  private static boolean addSymbol(String line, Map<Long, String> names) {
    int type = line.indexOf(' ');
    if (type < 1 || type > HEX || line.length() < type + 4 || line.charAt(type + 2) != ' ') {
      return line.isBlank();
    }
    int tab = line.indexOf('\t', type + 3);
    String name = line.substring(type + 3, tab < 0 ? line.length() : tab).strip();
    if (line.charAt(type + 1) == 'a' || line.charAt(type + 1) == 'A' || name.startsWith("$")) {
      return true;
    }
    try {
      names.putIfAbsent(Long.parseUnsignedLong(line, 0, type, HEX), name);
      return true;
    } catch (NumberFormatException malformed) {
      return false;
    }
  }

  /** Names of tasks: {@code PID COMM}. */
  static Comms comms(String savedCmdlines) {
    Map<Integer, String> names = new HashMap<>();
    int at = 0;
    while (at < savedCmdlines.length() && names.size() < MAX_ENTRIES) {
      int end = lineEnd(savedCmdlines, at);
      int blank = savedCmdlines.indexOf(' ', at);
      if (blank > at && blank < end) {
        addComm(savedCmdlines, at, blank, end, names);
      }
      at = end + 1;
    }
    return new Comms(names);
  }

  private static void addComm(
      String text, int from, int blank, int end, Map<Integer, String> names) {
    try {
      names.put(Integer.parseInt(text, from, blank, 10), text.substring(blank + 1, end));
    } catch (NumberFormatException malformed) {
      // The next line may be well.
    }
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /** The clock in brackets of a text of {@code trace_clock}. */
  static String currentClock(String traceClock, String otherwise) {
    Matcher matcher = CURRENT.matcher(traceClock);
    return matcher.find() ? matcher.group(1).strip() : otherwise;
  }

  /** A number as strtoll with base 0 reads it: 0 if there is none. */
  static long number(String text) {
    String digits = text.strip().replace("\0", "");
    boolean negative = digits.startsWith("-");
    String bare = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    boolean hex = bare.startsWith("0x") || bare.startsWith("0X");
    try {
      long magnitude =
          hex
              ? Long.parseUnsignedLong(bare.substring(2), HEX)
              : Long.parseLong(bare, bare.length() > 1 && bare.startsWith("0") ? 8 : 10);
      return negative ? -magnitude : magnitude;
    } catch (NumberFormatException none) {
      return 0;
    }
  }
}
