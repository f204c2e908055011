package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An event whose format we made up: a field {@code text} with all that the line says of it, which
 * is how it is printed, and a field for each {@code name=value} in it.
 */
final class FreeSchema extends Schema {
  /** The field that holds the whole text. */
  static final String TEXT = "text";

  private static final int FIRST_OFFSET = 8;
  private static final int LOC_BYTES = 4;
  private static final int NUMBER_BYTES = 8;

  private final Map<String, Integer> places = new TreeMap<>();

  private FreeSchema(EventFormat format) {
    super(format);
    for (int i = 0; i < format.fields().size(); i++) {
      places.put(format.fields().get(i).name(), i);
    }
  }

  /** The schema of an event whose lines were gone through. */
  static FreeSchema of(String system, String name, int id, Map<String, FieldSketch> sketches) {
    List<EventField> fields = new ArrayList<>();
    int offset = FIRST_OFFSET;
    for (Map.Entry<String, FieldSketch> sketch : sketches.entrySet()) {
      if (sketch.getValue().isNumber()) {
        boolean signed = sketch.getValue().isSigned();
        String type = signed ? "s64 " : "u64 ";
        fields.add(EventField.of(type + sketch.getKey(), offset, NUMBER_BYTES, signed));
        offset += NUMBER_BYTES;
      }
    }
    for (Map.Entry<String, FieldSketch> sketch : sketches.entrySet()) {
      if (!sketch.getValue().isNumber()) {
        fields.add(text(sketch.getKey(), offset));
        offset += LOC_BYTES;
      }
    }
    fields.add(text(TEXT, offset));
    return new FreeSchema(
        new EventFormat(
            system,
            name,
            id,
            EventFormat.commonFields(),
            fields,
            "\"%s\", __get_str(" + TEXT + ")"));
  }

  private static EventField text(String name, int offset) {
    return EventField.of("__data_loc char[] " + name, offset, LOC_BYTES, false);
  }

  @Override
  void fill(RawEvent raw, Values values) {
    for (int i = 0; i < raw.fields.size(); i++) {
      Integer place = places.get(raw.fields.name(i));
      if (place != null) {
        set(values, place, raw.fields.value(i));
      }
    }
    values.text(size() - 1, raw.body);
  }

  private void set(Values values, int place, String value) {
    if (format().fields().get(place).shape() == EventField.Shape.NUMBER) {
      Long number = TextNumbers.number(value);
      values.number(place, number == null ? 0 : number);
    } else {
      values.text(place, value);
    }
  }
}
