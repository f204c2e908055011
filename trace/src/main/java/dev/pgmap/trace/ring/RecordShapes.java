package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a source's records, by what {@code common_type} says.
 *
 * <p>A number that no format has gets one that has the common fields only, as {@code
 * unknown:event_NUMBER}. For one thread.
 */
public final class RecordShapes {
  /** The system of events whose format is not known. */
  public static final String UNKNOWN_SYSTEM = "unknown";

  private final OrderedWords words;
  private final @Nullable RecordShape[] byId;
  private final Map<Integer, RecordShape> unknown = new HashMap<>();
  private final List<EventField> common;
  private final int typeOffset;

  /** The shapes of a table's formats; {@code common_type} is where the first of them has it. */
  public RecordShapes(EventTable events, OrderedWords words) {
    this.words = words;
    int size = events.all().stream().mapToInt(EventFormat::id).max().orElse(-1) + 1;
    byId = new RecordShape[size];
    for (int id = 0; id < size; id++) {
      EventFormat format = events.byId(id);
      byId[id] = format == null ? null : new RecordShape(format);
    }
    common =
        events.all().stream()
            .map(EventFormat::common)
            .filter(fields -> fields.stream().anyMatch(RecordShapes::isType))
            .findFirst()
            .orElse(EventFormat.commonFields());
    typeOffset = common.stream().filter(RecordShapes::isType).findFirst().orElseThrow().offset();
  }

  private static boolean isType(EventField field) {
    return field.name().equals("common_type") && field.bytes() == 2;
  }

  /** The shape of a record: of the format whose number it bears. */
  public RecordShape at(MemorySegment memory, long recordOffset) {
    return of(words.u16(memory, recordOffset + typeOffset));
  }

  /** A record that is shorter bears no number. */
  public int leastBytes() {
    return typeOffset + Short.BYTES;
  }

  private RecordShape of(int id) {
    RecordShape shape = id < byId.length ? byId[id] : null;
    return shape != null ? shape : unknown(id);
  }

  /** The shape of records of which only the common fields are known. */
  public RecordShape unknown(int id) {
    return unknown.computeIfAbsent(id, this::unknownShape);
  }

  private RecordShape unknownShape(int id) {
    return new RecordShape(
        new EventFormat(UNKNOWN_SYSTEM, "event_" + id, id, common, List.of(), ""));
  }
}
