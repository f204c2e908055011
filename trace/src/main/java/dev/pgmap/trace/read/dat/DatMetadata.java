package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.format.FormatParser;
import dev.pgmap.trace.read.input.ByteCursor;
import java.lang.foreign.MemorySegment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the pieces that both versions have, one after another in version 6 and each in a section of
 * its own in version 7, into an index.
 */
final class DatMetadata {
  private static final int NAME_CHARS = 256;
  private static final int MAX_HEADER_CHARS = 1 << 16;
  private static final int MAX_SYSTEMS = 1 << 16;
  private static final int MAX_FORMATS = 1 << 16;
  private static final Pattern HEADER_FIELD =
      Pattern.compile("field:[^;]*?(\\w+);\\s*offset:(\\d{1,6});\\s*size:(\\d{1,6});");

  private DatMetadata() {}

  /** {@code header_page} and {@code header_event}, each a u64 length and text. */
  static void headers(ByteCursor in, DatIndex index) {
    expect(in, "header_page");
    ByteCursor.Place place = in.mark();
    index.longBytes(longBytes(place, text(in, "header_page")));
    expect(in, "header_event");
    text(in, "header_event");
  }

  private static void expect(ByteCursor in, String name) {
    ByteCursor.Place place = in.mark();
    String found = in.string(NAME_CHARS, "the name " + name);
    if (!found.equals(name)) {
      throw place.error("'%s'".formatted(found), "'%s'".formatted(name), "it is damaged");
    }
  }

  private static String text(ByteCursor in, String what) {
    return in.text(in.i64("length of " + what), MAX_HEADER_CHARS, what);
  }

  /** The size of a long is that of the field commit; the data begin behind it. */
  private static int longBytes(ByteCursor.Place place, String headerPage) {
    if (headerPage.isBlank()) {
      return 0;
    }
    int[] commit = field(place, headerPage, "commit");
    int[] stamp = field(place, headerPage, "timestamp");
    int[] data = field(place, headerPage, "data");
    int bytes = commit[1];
    boolean known =
        (bytes == 4 || bytes == 8)
            && stamp[0] == 0
            && stamp[1] == 8
            && commit[0] == 8
            && data[0] == 8 + bytes;
    if (!known) {
      throw place.error(
          "a page header of another layout",
          "an 8-byte timestamp, a commit of 4 or 8, then data",
          "such pages cannot be read");
    }
    return bytes;
  }

  private static int[] field(ByteCursor.Place place, String headerPage, String name) {
    Matcher matcher = HEADER_FIELD.matcher(headerPage);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return new int[] {Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))};
      }
    }
    throw place.error("a header_page without '%s'".formatted(name), "that field", "it is damaged");
  }

  /** A count, then formats of the system ftrace. */
  static void ftraceFormats(ByteCursor in, DatIndex index) {
    formats(in, "ftrace", index);
  }

  /** A count of systems, then for each its name, a count, and formats. */
  static void eventFormats(ByteCursor in, DatIndex index) {
    int systems = in.count(MAX_SYSTEMS, "a number of event systems");
    for (int i = 0; i < systems; i++) {
      formats(in, in.string(NAME_CHARS, "name of an event system"), index);
    }
  }

  private static void formats(ByteCursor in, String system, DatIndex index) {
    int count = in.count(MAX_FORMATS, "a number of events");
    for (int i = 0; i < count; i++) {
      long bytes = in.i64("length of an event format");
      String where = "%s at offset %d".formatted(index.source(), in.place());
      index.add(
          FormatParser.parse(
              system, in.text(bytes, FormatParser.MAX_CHARS, "an event format"), where));
    }
  }

  /** The bytes of a text whose length is a u32. */
  static MemorySegment shortText(ByteCursor in, String what) {
    return in.slice(in.u32("length of " + what), what);
  }

  /** The bytes of a text whose length is a u64. */
  static MemorySegment longText(ByteCursor in, String what) {
    return in.slice(in.i64("length of " + what), what);
  }

  /** The cpu table of version 6: an offset and a size for each cpu. */
  static void cpuTable(ByteCursor in, String buffer, int cpus, int pageBytes, DatIndex index)
      throws TraceException {
    for (int cpu = 0; cpu < cpus; cpu++) {
      long offset = in.i64("offset of a cpu's data");
      long bytes = in.i64("size of a cpu's data");
      index.add(new CpuRegion(buffer, cpu, offset, bytes, pageBytes, false));
    }
  }
}
