package dev.pgmap.trace.read.text;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a log that a user's pattern finds. Its named groups are the fields.
 *
 * <p>These mean what they say: {@code ts} (seconds with a fraction, or a count; the number of the
 * line if there is none), {@code pid}, {@code comm}, {@code cpu}, {@code event}, {@code function}
 * (who did it: one function, or several with {@code <-} between, innermost first). A group whose
 * name ends in {@code Hex} is a hexadecimal number and names the field without that ending; other
 * numbers are decimal unless they start with {@code 0x} or hold one of the letters a to f.
 *
 * <p>Where there is a {@code pfn} but no {@code val}, an event that is called like get, inc or pin
 * counts as a page_ref_mod of 1, and one like put, dec or unpin as one of -1.
 */
final class PatternLines implements Dialect {
  private static final String REF_EVENT = "page_ref_mod";
  private static final String HEX = "Hex";
  private static final Pattern PUT =
      Pattern.compile("put|dec|unpin|unref|drop|release|free|-.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern GET =
      Pattern.compile("get|inc|pin|ref|grab|hold|acquire|take|\\+.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEX_LETTERS = Pattern.compile("[0-9]*[a-fA-F][0-9a-fA-F]*");
  private static final int MAX_CPUS = 1 << 16;

  private final Pattern pattern;

  /** Names of groups by their number, so that fields come in the order of the pattern. */
  private final Map<Integer, String> groups = new TreeMap<>();

  private long lines;

  PatternLines(Pattern pattern) {
    this.pattern = pattern;
    pattern.namedGroups().forEach((name, number) -> groups.put(number, name));
  }

  @Override
  public Line read(String line, RawEvent to) {
    lines++;
    if (line.isBlank()) {
      return Line.OTHER;
    }
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      return Line.UNKNOWN;
    }
    to.stamp = lines;
    to.isCount = true;
    to.hasFields = true;
    to.pid = RawEvent.NO_PID;
    to.body = line.strip();
    boolean sound = true;
    for (Map.Entry<Integer, String> group : groups.entrySet()) {
      String value = matcher.group(group.getKey());
      sound = sound && (value == null || set(group.getValue(), value.strip(), to));
    }
    nameEvent(to);
    return sound ? Line.EVENT : Line.UNKNOWN;
  }

  private static boolean set(String group, String value, RawEvent to) {
    switch (group) {
      case "ts" -> {
        return TextNumbers.stamp(value, to);
      }
      case "comm" -> to.comm = value;
      case "event" -> to.event = value;
      case "pid" -> {
        to.pid = TextNumbers.small(value);
        return to.pid >= 0;
      }
      case "cpu" -> {
        to.cpu = TextNumbers.small(value);
        return to.cpu >= 0 && to.cpu < MAX_CPUS;
      }
      case "function" -> frames(value, to);
      default -> field(group, value, to);
    }
    return true;
  }

  private static void frames(String value, RawEvent to) {
    for (String function : value.split("<-", -1)) {
      to.addFrame(FunctionText.name(function));
    }
  }

  private static void field(String group, String value, RawEvent to) {
    boolean hexGroup = group.endsWith(HEX) && group.length() > HEX.length();
    String name = hexGroup ? group.substring(0, group.length() - HEX.length()) : group;
    boolean hex = hexGroup || HEX_LETTERS.matcher(value).matches();
    Long number = hex && !value.startsWith("0x") ? TextNumbers.hex(value) : null;
    to.fields.add(name, number == null ? value : "0x" + Long.toHexString(number));
  }

  /** Names the event of a line, so that those that count references can be told. */
  private static void nameEvent(RawEvent to) {
    boolean hasPfn = to.fields.valueOf("pfn") != null;
    boolean hasVal = to.fields.valueOf("val") != null;
    String said = to.event;
    if (hasPfn && !hasVal) {
      @Nullable String val = valueOf(said);
      if (val != null) {
        to.fields.add("val", val);
        to.fields.add("said", said);
        to.event = REF_EVENT;
      }
    }
    if (to.event.isEmpty()) {
      to.event = hasPfn && hasVal ? REF_EVENT : "line";
    }
    to.event = to.event.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "_");
  }

  private static @Nullable String valueOf(String said) {
    if (PUT.matcher(said).lookingAt()) {
      return "-1";
    }
    return GET.matcher(said).lookingAt() ? "1" : null;
  }

  @Override
  public String frame() {
    return "";
  }

  @Override
  public int lostCpu() {
    return 0;
  }

  @Override
  public long lostEvents() {
    return 0;
  }

  @Override
  public int nrCpus() {
    return 0;
  }

  @Override
  public String advice() {
    return "the pattern is found in none of them, or a number in its groups is none";
  }
}
