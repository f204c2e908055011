package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a {@code format} file, as {@code events/SYSTEM/NAME/format} or a {@code
 * trace.dat} holds it.
 *
 * <p>It takes what the kernel's own readers take: {@code signed:} may be missing, so may the blank
 * line between common and own fields and the {@code print fmt}; a field is common if its name
 * starts with {@code common_}, however many there are; of two with one name the first counts. Time
 * and memory are linear in the text, whatever it holds.
 *
 * <p>Thread-safe: it has no state.
 */
public final class FormatParser {
  /** The longest text taken, in characters; the kernel's own are below 20,000. */
  public static final int MAX_CHARS = 1 << 20;

  /** The most fields taken; the kernel's own events have below 128. */
  public static final int MAX_FIELDS = 4096;

  /** The largest record that a field may lie in, in bytes; a sub-buffer is not larger. */
  public static final int MAX_RECORD_BYTES = 1 << 20;

  private static final int MAX_LINE_CHARS = 1024;
  private static final String PRINT_FMT = "print fmt:";
  private static final Pattern NAME = Pattern.compile("\\S{1,256}");
  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*field(?:\\s+special)?\\s*:([^;]+);\\s*offset\\s*:\\s*(\\w+)\\s*;"
              + "\\s*size\\s*:\\s*(\\w+)\\s*;(?:\\s*signed\\s*:\\s*([01])\\s*;)?\\s*");
  private static final Pattern SIGNED_TYPE =
      Pattern.compile(
          "(?:const\\s+)?(?:signed|char|short|int|long|s8|s16|s32|s64|__s8|__s16|__s32|__s64"
              + "|pid_t|ssize_t|loff_t)\\b.*");

  private final String system;
  private final String text;
  private final String where;
  private final List<EventField> common = new ArrayList<>();
  private final List<EventField> own = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private @Nullable String name;
  private int id = -1;
  private String printFmt = "";
  private int lineNumber;

  private FormatParser(String system, String text, String where) {
    this.system = system;
    this.text = text;
    this.where = where;
  }

  /**
   * The format that a text describes.
   *
   * @param system the event system that it belongs to, such as {@code page_ref}
   * @param text the format file
   * @param where what an error calls the text, such as the path or an offset of a recording
   * @throws TraceException if the text is not the grammar's
   */
  public static EventFormat parse(String system, String text, String where) {
    if (text.length() > MAX_CHARS) {
      throw new TraceException(
          where,
          "a format text of %d characters".formatted(text.length()),
          "at most " + MAX_CHARS,
          "the recording is damaged here");
    }
    return new FormatParser(system, text, where).parse();
  }

  private EventFormat parse() {
    int at = 0;
    while (at < text.length()) {
      lineNumber++;
      if (text.startsWith(PRINT_FMT, at)) {
        printFmt = text.substring(at + PRINT_FMT.length()).strip();
        break;
      }
      int newline = text.indexOf('\n', at);
      int end = newline < 0 ? text.length() : newline;
      line(text.substring(at, end));
      at = end + 1;
    }
    return finish();
  }

  private void line(String line) {
    if (line.isBlank()) {
      return;
    }
    if (line.length() > MAX_LINE_CHARS) {
      throw error("a line of %d characters".formatted(line.length()), "at most " + MAX_LINE_CHARS);
    }
    if (line.startsWith("name:")) {
      name = name(line.substring("name:".length()).strip());
    } else if (line.startsWith("ID:")) {
      id = number(line.substring("ID:".length()).strip(), 0xffff);
    } else if (!line.startsWith("format:")) {
      field(line);
    }
  }

  private String name(String found) {
    if (!NAME.matcher(found).matches()) {
      throw error("'name: %s'".formatted(Excerpt.of(found)), "one word");
    }
    return found;
  }

  private void field(String line) {
    Matcher matcher = FIELD.matcher(line);
    if (!matcher.matches()) {
      throw error(
          "'%s'".formatted(Excerpt.of(line.strip())),
          "'field:TYPE NAME; offset:N; size:N; signed:N;'");
    }
    String declaration = matcher.group(1).strip();
    int offset = number(matcher.group(2), MAX_RECORD_BYTES);
    int bytes = number(matcher.group(3), MAX_RECORD_BYTES - offset);
    add(declared(declaration, offset, bytes, signed(matcher.group(4), declaration)));
  }

  private EventField declared(String declaration, int offset, int bytes, boolean signed) {
    try {
      return EventField.of(declaration, offset, bytes, signed);
    } catch (IllegalArgumentException e) {
      throw error("'field:%s'".formatted(Excerpt.of(declaration)), "a C type and a name");
    }
  }

  private static boolean signed(@Nullable String stated, String declaration) {
    if (stated != null) {
      return stated.equals("1");
    }
    return declaration.indexOf('*') < 0 && SIGNED_TYPE.matcher(declaration).matches();
  }

  private void add(EventField field) {
    if (common.size() + own.size() == MAX_FIELDS) {
      throw error("one field more", "at most " + MAX_FIELDS);
    }
    List<EventField> fields = field.name().startsWith("common_") ? common : own;
    if (names.add(field.name())) {
      fields.add(field);
    }
  }

  private int number(String digits, int max) {
    try {
      int value = Integer.decode(digits);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // the same error as for a number that is too large
    }
    throw error("'%s'".formatted(Excerpt.of(digits)), "a number from 0 to " + max);
  }

  private EventFormat finish() {
    String found = name;
    if (found == null) {
      throw error("the end of the text", "a line 'name: NAME'");
    }
    if (id < 0) {
      throw error("the end of the text", "a line 'ID: NUMBER'");
    }
    return new EventFormat(system, found, id, common, own, printFmt);
  }

  private TraceException error(String found, String expected) {
    return TraceException.atLine(
        "%s: format of system '%s'".formatted(where, Excerpt.of(system)),
        Math.max(lineNumber, 1),
        found,
        expected,
        "");
  }
}
