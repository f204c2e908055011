package dev.pgmap.bench;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one process measured: the median of its repeats.
 *
 * @param pin nanoseconds per page
 * @param unpin nanoseconds per page
 */
record PinTimes(double pin, double unpin) {
  private static final Pattern LINE = Pattern.compile("time get (\\d+) put (\\d+)");

  static PinTimes parse(List<String> output, long nrPages) {
    List<Matcher> lines = output.stream().map(LINE::matcher).filter(Matcher::matches).toList();
    return new PinTimes(median(lines, 1) / nrPages, median(lines, 2) / nrPages);
  }

  private static double median(List<Matcher> lines, int group) {
    return Spread.of(lines.stream().map(m -> Double.valueOf(m.group(group))).toList()).median();
  }
}
