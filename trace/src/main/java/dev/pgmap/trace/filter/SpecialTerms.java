package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.ring.Words;
import java.util.BitSet;

/** Terms on what is no field of the record, or on more than one value of it. */
final class SpecialTerms {
  private SpecialTerms() {}

  /** {@code cpu}: where the event happened. */
  record Cpu(Comparison comparison, long value) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return comparison.holds(event.cpu(), value, true);
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      return address -> comparison.holds(context.cpu(), value, true);
    }
  }

  /** {@code cpu & CPUS{1-3}}. */
  record CpuIn(BitSet cpus) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return cpus.get(event.cpu());
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      return address -> cpus.get(context.cpu());
    }
  }

  /** {@code comm}: the task's name. */
  record Comm(EventField pid, TextTest test) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return test.holds(event.comm());
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      int offset = pid.offset();
      return address -> test.holds(context.comm(Words.getInt(address + offset)));
    }
  }

  /** {@code field & CPUS{1-3}} of a field that holds the number of a cpu. */
  record NumberIn(EventField field, BitSet cpus) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return contains(event.number(field));
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      int offset = field.offset();
      return switch (field.bytes()) {
        case 8 -> address -> contains(Words.getLong(address + offset));
        case 4 -> address -> contains(Words.getInt(address + offset));
        case 2 -> address -> contains(Words.getShort(address + offset));
        default -> address -> contains(Words.getByte(address + offset));
      };
    }

    private boolean contains(long value) {
      return value >= 0 && value < cpus.length() && cpus.get((int) value);
    }
  }

  /** {@code field.function == name}: an address inside a function. */
  record Function(EventField field, long start, long bytes, boolean inside) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return holds(event.number(field));
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      int offset = field.offset();
      return address -> holds(Words.getLong(address + offset));
    }

    private boolean holds(long address) {
      return Long.compareUnsigned(address - start, bytes) < 0 == inside;
    }
  }

  /** Holds for all or for none, whatever the event. */
  record Constant(boolean value) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return value;
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      return address -> value;
    }
  }
}
