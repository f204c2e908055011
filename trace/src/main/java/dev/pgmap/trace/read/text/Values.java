package dev.pgmap.trace.read.text;

import java.util.Arrays;

/** The values of an event's own fields, by their place in the format. For one thread. */
final class Values {
  private long[] numbers = new long[0];
  private String[] texts = new String[0];
  private long[] elements = new long[0];
  private int nrElements;

  /** Makes room for so many fields, all 0 and empty. */
  void clear(int fields) {
    if (fields > numbers.length) {
      numbers = new long[fields];
      texts = new String[fields];
    }
    Arrays.fill(numbers, 0);
    Arrays.fill(texts, "");
    nrElements = 0;
  }

  void number(int field, long value) {
    numbers[field] = value;
  }

  long number(int field) {
    return numbers[field];
  }

  void text(int field, String value) {
    texts[field] = value;
  }

  String text(int field) {
    return texts[field];
  }

  /** Adds an element to the one array that a format of ours may have. */
  void element(long value) {
    if (nrElements == elements.length) {
      elements = Arrays.copyOf(elements, nrElements * 2 + 16);
    }
    elements[nrElements++] = value;
  }

  int nrElements() {
    return nrElements;
  }

  long element(int index) {
    if (index < 0 || index >= nrElements) {
      throw new IndexOutOfBoundsException("element %d of %d".formatted(index, nrElements));
    }
    return elements[index];
  }
}
