package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event of the catalog whose text is {@code name=value} for all of its fields, all numbers, as
 * page_ref events are.
 *
 * <p>Names of page flags become the bits that they have here; a kernel's own bits are not told by
 * its text. Names that our struct pages do not have are left out.
 */
final class KernelSchema extends Schema {
  private static final Pattern FLAG =
      Pattern.compile("\\{\\s*1UL << (\\d{1,2}), \"(\\w+)\"\\s*\\}");
  private static final String FLAGS = "flags";

  private final Map<String, Long> flagBits = new HashMap<>();

  KernelSchema(EventFormat format) {
    super(format);
    Matcher matcher = FLAG.matcher(format.printFmt());
    while (matcher.find()) {
      flagBits.put(matcher.group(2), 1L << Integer.parseInt(matcher.group(1)));
    }
  }

  /** Whether the fields of a line are those of the format, all of them numbers. */
  boolean fits(FieldList fields) {
    if (fields.size() != size()) {
      return false;
    }
    for (EventField field : format().fields()) {
      String value = fields.valueOf(field.name());
      if (value == null
          || field.shape() != EventField.Shape.NUMBER
          || number(field, value) == null) {
        return false;
      }
    }
    return true;
  }

  @Override
  void fill(RawEvent raw, Values values) {
    for (int i = 0; i < size(); i++) {
      EventField field = format().fields().get(i);
      String value = raw.fields.valueOf(field.name());
      Long number = value == null ? null : number(field, value);
      values.number(i, number == null ? 0 : number);
    }
  }

  private @Nullable Long number(EventField field, String value) {
    Long number = TextNumbers.number(value);
    if (field.declaration().contains("*")) {
      // A kernel prints a pointer without 0x; digits alone are hexadecimal too.
      Long bare = TextNumbers.hex(value);
      return bare != null ? bare : value.startsWith("(") ? Long.valueOf(0) : number;
    }
    return number == null && field.name().equals(FLAGS) ? bits(value) : number;
  }

  private @Nullable Long bits(String names) {
    long bits = 0;
    for (String name : names.split("\\|", -1)) {
      Long number = TextNumbers.number(name);
      Long bit = number != null ? number : flagBits.getOrDefault(name, 0L);
      if (name.isBlank()) {
        return null;
      }
      bits |= bit;
    }
    return bits;
  }
}
