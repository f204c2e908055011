package dev.pgmap.trace.event;

import java.util.Set;
import java.util.regex.Matcher;
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

  private static final Pattern NAME = Pattern.compile("(\\w+)\\s*(\\[[^\\]]*\\])?\\s*$");
  private static final Pattern ARRAY_TYPE = Pattern.compile("\\[[^\\]]*\\]\\s*\\w+\\s*$");
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
    Matcher matcher = NAME.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException(
          "field declaration '%s': expected a C type and a name".formatted(text));
    }
    String name = matcher.group(1);
    String type = text.substring(0, matcher.start()).strip();
    boolean dataLoc = type.startsWith("__data_loc");
    boolean relLoc = type.startsWith("__rel_loc");
    boolean array = matcher.group(2) != null || ARRAY_TYPE.matcher(text).find();
    String element =
        type.replaceFirst("^__(data|rel)_loc\\s+", "")
            .replaceAll("\\[[^\\]]*\\]", "")
            .replaceAll("\\bconst\\b", "")
            .strip()
            .replaceAll("\\s+", " ");
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
