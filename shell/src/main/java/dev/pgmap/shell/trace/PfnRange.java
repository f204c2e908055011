package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.CommandException;
import picocli.CommandLine.ITypeConverter;

/**
 * A range of pages as options give it.
 *
 * @param first the first page
 * @param last the last, inclusive
 */
record PfnRange(long first, long last) {
  /** All pages. */
  static final PfnRange ALL = new PfnRange(0, Long.MAX_VALUE);

  boolean contains(long pfn) {
    return pfn >= first && pfn <= last;
  }

  /** Reads {@code 0x70200} or {@code 0x70200-0x703ff}. */
  static final class Converter implements ITypeConverter<PfnRange> {
    @Override
    public PfnRange convert(String text) {
      int dash = text.indexOf('-', 1);
      try {
        long first = Long.decode(dash < 0 ? text : text.substring(0, dash));
        long last = dash < 0 ? first : Long.decode(text.substring(dash + 1));
        if (first >= 0 && last >= first) {
          return new PfnRange(first, last);
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw CommandException.usage(
          "--pfn '%s': expected a page such as 0x70200, or a range such as 0x70200-0x703ff", text);
    }
  }
}
