package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;

/**
 * What a {@link RecordEncoder} knows of a format before any event of it.
 *
 * @param id what {@code common_type} is to hold
 * @param fixedBytes of a record without what stands behind its fields
 * @param openEnd which of its own fields takes as much room as it needs; {@link #NONE} if none does
 */
record RecordPlan(int id, EventField[] common, EventField[] own, int openEnd, int fixedBytes) {
  static final int NONE = -1;

  static RecordPlan of(EventFormat format, int id) {
    return new RecordPlan(
        id,
        format.common().toArray(EventField[]::new),
        format.fields().toArray(EventField[]::new),
        openEnd(format),
        format.bytes());
  }

  private static int openEnd(EventFormat format) {
    int last = NONE;
    for (int i = 0; i < format.fields().size(); i++) {
      if (last == NONE || format.fields().get(i).offset() >= format.fields().get(last).offset()) {
        last = i;
      }
    }
    boolean open =
        last != NONE
            && (isSizeless(format.fields().get(last))
                || isStack(format, format.fields().get(last)));
    return open ? last : NONE;
  }

  private static boolean isSizeless(EventField field) {
    return field.bytes() == 0;
  }

  /** The kernel states caller[8], and writes as many as there are. */
  private static boolean isStack(EventFormat format, EventField field) {
    return field.shape() == EventField.Shape.ARRAY && format.name().equals("kernel_stack");
  }
}
