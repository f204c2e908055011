package dev.pgmap.trace.read.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of fields with the text of their values, in the order of the line. */
final class FieldList {
  private static final int MAX_FIELDS = 64;

  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  void clear() {
    names.clear();
    values.clear();
  }

  /** Adds a field; what is more than 64 is left out, and so is a name that is there already. */
  void add(String name, String value) {
    if (names.size() < MAX_FIELDS && !names.contains(name)) {
      names.add(name);
      values.add(value);
    }
  }

  int size() {
    return names.size();
  }

  String name(int index) {
    return names.get(index);
  }

  String value(int index) {
    return values.get(index);
  }

  @Nullable String valueOf(String name) {
    int index = names.indexOf(name);
    return index < 0 ? null : values.get(index);
  }

  /**
   * Adds all {@code name=value} of a text. A value goes on to the blank before the next name, so it
   * may hold blanks itself, as names of tasks do.
   */
  void addAll(String text) {
    int nameStart = nextName(text, 0);
    while (nameStart >= 0) {
      int equals = text.indexOf('=', nameStart);
      int next = nextName(text, equals + 1);
      String value = text.substring(equals + 1, next < 0 ? text.length() : next).strip();
      add(text.substring(nameStart, equals), value);
      nameStart = next;
    }
  }

  /** Where the next name that an equals sign follows begins; -1 if there is none. */
  private static int nextName(String text, int from) {
    for (int equals = text.indexOf('=', from);
        equals >= 0;
        equals = text.indexOf('=', equals + 1)) {
      int start = equals;
      while (start > from && isWord(text.charAt(start - 1))) {
        start--;
      }
      boolean begins = start == 0 || text.charAt(start - 1) == ' ';
      if (start < equals && begins && !Character.isDigit(text.charAt(start))) {
        return start;
      }
    }
    return -1;
  }

  private static boolean isWord(char c) {
    return c == '_' || c < 128 && Character.isLetterOrDigit(c);
  }
}
