package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.ring.Words;

/** A text of the record compared with a pattern. */
record TextTerm(EventField field, TextTest test) implements Term {

  @Override
  public boolean matches(TraceEvent event) {
    return test.holds(event.text(field));
  }

  @Override
  public RecordPredicate onRecords(RecordContext context) {
    int offset = field.offset();
    if (field.shape() == Shape.TEXT) {
      int most = field.bytes();
      return address -> test.holds(address + offset, length(address + offset, most));
    }
    int base = field.shape() == Shape.REL_LOC_TEXT ? offset + field.bytes() : 0;
    return address -> {
      int word = Words.getInt(address + offset);
      long start = address + base + (word & 0xffff);
      return test.holds(start, length(start, word >>> 16));
    };
  }

  private static int length(long address, int most) {
    int length = 0;
    while (length < most && Words.getByte(address + length) != 0) {
      length++;
    }
    return length;
  }
}
