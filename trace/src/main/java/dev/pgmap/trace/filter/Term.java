package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.TraceEvent;
import java.util.List;
import java.util.function.BinaryOperator;

/** A part of a filter: what it says of an event, and of a record in memory. */
interface Term {
  /** Whether it holds for an event. */
  boolean matches(TraceEvent event);

  /** The same for records in memory, with all that can be settled now settled. */
  RecordPredicate onRecords(RecordContext context);

  /** All of several. */
  record All(List<Term> terms) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      for (Term term : terms) {
        if (!term.matches(event)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      return joined(terms, context, (a, b) -> address -> a.test(address) && b.test(address));
    }
  }

  /** Any of several. */
  record Any(List<Term> terms) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      for (Term term : terms) {
        if (term.matches(event)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      return joined(terms, context, (a, b) -> address -> a.test(address) || b.test(address));
    }
  }

  /** Not a term. */
  record Not(Term term) implements Term {
    @Override
    public boolean matches(TraceEvent event) {
      return !term.matches(event);
    }

    @Override
    public RecordPredicate onRecords(RecordContext context) {
      RecordPredicate inner = term.onRecords(context);
      return address -> !inner.test(address);
    }
  }

  private static RecordPredicate joined(
      List<Term> terms, RecordContext context, BinaryOperator<RecordPredicate> join) {
    return terms.stream().map(term -> term.onRecords(context)).reduce(join).orElseThrow();
  }
}
