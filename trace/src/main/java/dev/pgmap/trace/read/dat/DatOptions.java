package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.read.input.ByteCursor;
import java.nio.charset.StandardCharsets;

/** The options that mean the same in both versions, and their numbers. */
final class DatOptions {
  static final int DONE = 0;
  static final int DATE = 1;
  static final int BUFFER = 3;
  static final int TRACECLOCK = 4;
  static final int OFFSET = 7;
  static final int CPUCOUNT = 8;
  static final int TSC2NSEC = 14;
  static final int BUFFER_TEXT = 22;

  private static final int NANOS_IN_MICROSECOND = 1_000;
  private static final int MAX_TEXT_CHARS = 1 << 16;

  private DatOptions() {}

  /**
   * Notes an option if it is one that changes what events look like.
   *
   * @param data its bytes
   */
  static void note(int id, ByteCursor data, DatIndex index) {
    switch (id) {
      case DATE -> index.stamps(index.stamps().plus(number(data) * NANOS_IN_MICROSECOND));
      case OFFSET -> index.stamps(index.stamps().plus(number(data)));
      case TRACECLOCK -> index.traceClock(text(data));
      case TSC2NSEC -> scale(data, index);
      default -> {
        // Where it was recorded, by which version, and the like.
      }
    }
  }

  private static long number(ByteCursor data) {
    return SavedTexts.number(text(data));
  }

  private static String text(ByteCursor data) {
    byte[] bytes = data.bytes(Math.min(data.remaining(), MAX_TEXT_CHARS), "an option");
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void scale(ByteCursor data, DatIndex index) {
    long factor = data.u32("factor of the clock");
    int shift = data.count(Long.SIZE - 1, "a shift of the clock");
    index.stamps(index.stamps().scaled(factor, shift));
  }
}
