package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.TraceEvent;

/**
 * A key or a value of a histogram.
 *
 * @param value what is taken from the event
 * @param modifier how
 * @param buckets the width of a bucket; 0 without buckets
 */
record HistField(HistValue value, HistModifier modifier, long buckets) {

  /** How the trigger's line shows it. Follows hist_field_print. */
  String text() {
    return value.text()
        + (modifier == HistModifier.NONE ? "" : "." + modifier.word())
        + (buckets == 0 ? "" : "=" + buckets);
  }

  /** The number, put into its bucket; values only, and keys that are numbers. */
  long number(TraceEvent event, long[] variables) {
    long number = ((HistValue.Number) value).of(event, variables);
    return switch (modifier) {
      case LOG2 -> log2(number);
      case BUCKETS -> number - Math.floorMod(number, buckets);
      default -> number;
    };
  }

  /** The exponent of the next power of two. Follows hist_field_log2. */
  private static long log2(long number) {
    return number == 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(number - 1);
  }
}
