package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Places fields in a record as the C compiler of a 64-bit kernel places them in a struct: each at a
 * multiple of its size, after the common fields.
 */
public final class FieldLayout {
  private static final Set<String> SIGNED_WORDS =
      Set.of("char", "short", "int", "long", "s8", "s16", "s32", "s64", "pid_t", "loff_t");

  private static final Pattern NAME = Pattern.compile("\\w+(\\[\\w*])?$");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private FieldLayout() {}

  /**
   * The fields that declarations such as {@code unsigned long pfn}, {@code char comm[16]} or {@code
   * unsigned long args[]} state, in that order.
   *
   * @throws IllegalArgumentException if a declaration has no name
   */
  public static List<EventField> of(List<String> declarations) {
    List<EventField> fields = new ArrayList<>();
    int at =
        EventFormat.commonFields().stream().mapToInt(f -> f.offset() + f.bytes()).max().orElse(0);
    for (String declaration : declarations) {
      int element = elementBytes(declaration);
      at = (at + element - 1) / element * element;
      int bytes = element * elements(declaration);
      fields.add(EventField.of(declaration, at, bytes, isSigned(declaration)));
      at += bytes;
    }
    return fields;
  }

  private static List<String> words(String declaration) {
    String type = NAME.matcher(declaration.strip()).replaceFirst("");
    return List.of(BLANKS.split(type.strip()));
  }

  private static int elementBytes(String declaration) {
    return CType.named(words(declaration), declaration.contains("*")).bits() / 8;
  }

  private static int elements(String declaration) {
    int open = declaration.indexOf('[');
    if (open < 0) {
      return 1;
    }
    String count = declaration.substring(open + 1, declaration.indexOf(']', open));
    return count.isEmpty() ? 0 : Integer.parseInt(count);
  }

  /** Arrays and pointers count as unsigned, as in the kernel's own formats. */
  private static boolean isSigned(String declaration) {
    List<String> words = words(declaration);
    return !declaration.contains("*")
        && !declaration.contains("[")
        && !words.contains("unsigned")
        && words.stream().anyMatch(SIGNED_WORDS::contains);
  }
}
