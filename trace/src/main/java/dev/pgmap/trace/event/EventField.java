package dev.pgmap.trace.event;

import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * One field of an event, as a {@code field:} line of a kernel format file states it.
 *
 * @param declaration the C type and name, such as {@code unsigned long pfn} or {@code char
 *     comm[16]}
 * @param name the name alone
 * @param offset in bytes from the start of the record
 * @param bytes size in the record; 4 for a {@code __data_loc}
 * @param signed whether a number is sign-extended
 * @param shape what is found at the offset
 * @param elementBytes size of one element of an array, else {@code bytes}
 */
public record EventField(
    String declaration,
    String name,
    int offset,
    int bytes,
    boolean signed,
    Shape shape,
    int elementBytes) {

  /** What is found at the offset of a field. */
  public enum Shape {
    /** An integer or a pointer. */
    NUMBER,
    /** {@code char name[N]}: text up to the first NUL. */
    TEXT,
    /** A fixed number of integers. */
    ARRAY,
    /** A word: length shifted left by 16, plus the text's offset from the start of the record. */
    DATA_LOC_TEXT,
    /** The same for an array of integers. */
    DATA_LOC_ARRAY,
    /** As {@link #DATA_LOC_TEXT}, but the offset counts from the end of the word. */
    REL_LOC_TEXT,
    /** As {@link #DATA_LOC_ARRAY}, but the offset counts from the end of the word. */
    REL_LOC_ARRAY;

    /** Whether {@link TraceEvent#text} reads it. */
    public boolean isText() {
      return this == TEXT || this == DATA_LOC_TEXT || this == REL_LOC_TEXT;
    }
  }

  private static final String DATA_LOC = "__data_loc";
  private static final String REL_LOC = "__rel_loc";
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Set<String> BYTE_TYPES =
      Set.of("char", "unsigned char", "signed char", "u8", "s8", "__u8", "__s8", "bool");
  private static final Set<String> SHORT_TYPES =
      Set.of("short", "unsigned short", "u16", "s16", "__u16", "__s16");
  private static final Set<String> INT_TYPES =
      Set.of("int", "unsigned int", "unsigned", "u32", "s32", "__u32", "__s32", "pid_t", "dev_t");

  /**
   * The field that a declaration at a place states.
   *
   * @throws IllegalArgumentException if the declaration has no name
   */
  public static EventField of(String declaration, int offset, int bytes, boolean signed) {
    String text = declaration.strip();
    int nameEnd = nameEnd(text);
    int nameStart = wordStart(text, nameEnd);
    if (nameStart == nameEnd) {
      throw new IllegalArgumentException(
          "field declaration '%s': expected a C type and a name".formatted(text));
    }
    String name = text.substring(nameStart, nameEnd);
    String type = text.substring(0, nameStart).strip();
    boolean dataLoc = type.startsWith(DATA_LOC);
    boolean relLoc = type.startsWith(REL_LOC);
    boolean array = text.endsWith("]") || type.endsWith("]");
    String element = element(type);
    boolean isText = element.equals("char");
    if (dataLoc) {
      return new EventField(
          text,
          name,
          offset,
          bytes,
          signed,
          isText ? Shape.DATA_LOC_TEXT : Shape.DATA_LOC_ARRAY,
          elementBytes(element));
    }
    if (relLoc) {
      return new EventField(
          text,
          name,
          offset,
          bytes,
          signed,
          isText ? Shape.REL_LOC_TEXT : Shape.REL_LOC_ARRAY,
          elementBytes(element));
    }
    if (!array) {
      boolean number = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
      return new EventField(
          text,
          name,
          offset,
          bytes,
          signed,
          number ? Shape.NUMBER : Shape.ARRAY,
          number ? bytes : 1);
    }
    return new EventField(
        text,
        name,
        offset,
        bytes,
        signed,
        isText ? Shape.TEXT : Shape.ARRAY,
        Math.max(1, Math.min(elementBytes(element), Math.max(bytes, 1))));
  }

  /** Where the name ends: before the number of elements, if there is one. */
  private static int nameEnd(String text) {
    int end = text.endsWith("]") ? Math.max(0, text.lastIndexOf('[')) : text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static int wordStart(String text, int end) {
    int start = end;
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static boolean isWord(char c) {
    return c == '_' || c < 128 && Character.isLetterOrDigit(c);
  }

  /** The type of an element: without its place, its number and const. */
  private static String element(String type) {
    int bracket = type.indexOf('[');
    StringJoiner words = new StringJoiner(" ");
    for (String word : BLANKS.split(bracket < 0 ? type : type.substring(0, bracket))) {
      if (!word.equals(DATA_LOC) && !word.equals(REL_LOC) && !word.equals("const")) {
        words.add(word);
      }
    }
    return words.toString();
  }

  private static int elementBytes(String type) {
    if (BYTE_TYPES.contains(type)) {
      return 1;
    }
    if (SHORT_TYPES.contains(type)) {
      return 2;
    }
    return INT_TYPES.contains(type) ? 4 : 8;
  }

  /** The {@code field:} line of a format file, without its line end. */
  public String line() {
    return "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;"
        .formatted(declaration, offset, bytes, signed ? 1 : 0);
  }
}
