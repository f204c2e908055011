package dev.pgmap.trace.read.text;

/** What the values of a field have been so far. */
final class FieldSketch {
  private boolean number = true;
  private boolean signed;

  void add(String value) {
    Long found = TextNumbers.number(value);
    number = number && found != null;
    signed = signed || value.startsWith("-");
  }

  /** Whether all values were numbers. */
  boolean isNumber() {
    return number;
  }

  /** Whether one of them was below 0. */
  boolean isSigned() {
    return signed;
  }
}
