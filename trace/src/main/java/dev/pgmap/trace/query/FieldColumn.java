package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.math.BigInteger;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** The field of one name in all events that have it; null in the others. */
final class FieldColumn implements Column.Value {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private final String field;
  private final SqlType type;
  private final Map<EventFormat, Optional<EventField>> fields = new IdentityHashMap<>();

  FieldColumn(String field, SqlType type) {
    this.field = field;
    this.type = type;
  }

  @Override
  public void append(TableAppender to, Row row) {
    TraceEvent event = row.event();
    Optional<EventField> found = fields.computeIfAbsent(event.format(), this::find);
    if (found.isEmpty()) {
      to.addNull();
      return;
    }
    EventField own = found.get();
    switch (type) {
      case BIGINT, UBIGINT -> to.add(event.number(own));
      case HUGEINT -> to.add(exact(own, event.number(own)));
      case BIGINTS, UBIGINTS -> to.add(elements(event, own));
      case VARCHAR -> to.add(text(event, own));
    }
  }

  private Optional<EventField> find(EventFormat format) {
    return format.fields().stream().filter(own -> own.name().equalsIgnoreCase(field)).findFirst();
  }

  private static BigInteger exact(EventField field, long number) {
    BigInteger value = BigInteger.valueOf(number);
    return number < 0 && SqlType.of(field) == SqlType.UBIGINT ? value.add(TWO_TO_64) : value;
  }

  private static long[] elements(TraceEvent event, EventField field) {
    long[] elements = new long[event.length(field)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = event.element(field, i);
    }
    return elements;
  }

  private static String text(TraceEvent event, EventField field) {
    if (field.shape().isText()) {
      return event.text(field);
    }
    if (field.shape() == Shape.NUMBER) {
      return exact(field, event.number(field)).toString();
    }
    StringBuilder text = new StringBuilder();
    for (long element : elements(event, field)) {
      text.append(text.isEmpty() ? "" : " ").append(exact(field, element));
    }
    return text.toString();
  }
}
