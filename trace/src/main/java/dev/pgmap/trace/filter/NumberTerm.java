package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.ring.Words;

/**
 * A number compared with a constant, both in the field's width and sign. Follows the
 * filter_pred_LT_u64 family.
 */
record NumberTerm(EventField field, Comparison comparison, long value) implements Term {

  static NumberTerm of(EventField field, Comparison comparison, long value) {
    return new NumberTerm(field, comparison, wrapped(field, value));
  }

  private static long wrapped(EventField field, long value) {
    int unused = 64 - 8 * field.bytes();
    return field.signed() ? value << unused >> unused : value << unused >>> unused;
  }

  @Override
  public boolean matches(TraceEvent event) {
    return comparison.holds(wrapped(field, event.number(field)), value, field.signed());
  }

  @Override
  public RecordPredicate onRecords(RecordContext context) {
    int offset = field.offset();
    long wanted = value;
    if (comparison == Comparison.EQ || comparison == Comparison.NE) {
      return equality(offset, wanted, comparison == Comparison.EQ);
    }
    Comparison operator = comparison;
    boolean signed = field.signed();
    return switch (field.bytes()) {
      case 8 -> address -> operator.holds(Words.getLong(address + offset), wanted, signed);
      case 4 ->
          signed
              ? address -> operator.holds(Words.getInt(address + offset), wanted, true)
              : address -> operator.holds(unsignedInt(address + offset), wanted, false);
      default -> address -> operator.holds(wrapped(field, small(address, offset)), wanted, signed);
    };
  }

  private RecordPredicate equality(int offset, long wanted, boolean equal) {
    return switch (field.bytes()) {
      case 8 -> address -> (Words.getLong(address + offset) == wanted) == equal;
      case 4 -> {
        int word = (int) wanted;
        yield address -> (Words.getInt(address + offset) == word) == equal;
      }
      default -> address -> (wrapped(field, small(address, offset)) == wanted) == equal;
    };
  }

  private long small(long address, int offset) {
    return field.bytes() == 2 ? Words.getShort(address + offset) : Words.getByte(address + offset);
  }

  private static long unsignedInt(long address) {
    return Integer.toUnsignedLong(Words.getInt(address));
  }
}
