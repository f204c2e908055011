package dev.pgmap.trace.read;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.PrintFmt;
import dev.pgmap.trace.format.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The recordings among the test resources, and events as lines of {@code trace-cmd report}. */
public final class Recordings {
  private Recordings() {}

  /** The path of a recording. */
  public static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Recordings.class.getResource("/recordings/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** A copy of a recording in a directory; the recordings themselves may be in a jar. */
  public static Path copy(String name, Path directory) {
    try (InputStream in = Recordings.class.getResourceAsStream("/recordings/" + name)) {
      Path copy = directory.resolve(name);
      Files.copy(Objects.requireNonNull(in, name), copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What trace-cmd printed of a recording, without the first line. */
  public static List<String> report(String name) {
    try (InputStream packed = Recordings.class.getResourceAsStream("/recordings/" + name);
        InputStream in = new GZIPInputStream(Objects.requireNonNull(packed, name))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("cpus=")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All events as {@code trace-cmd report -N -t} prints them. */
  public static List<String> lines(TraceSource source) {
    List<String> lines = new ArrayList<>();
    Map<EventFormat, PrintFmt> formats = new HashMap<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        if (event.lost() != 0) {
          lines.add(lost(event));
        }
        PrintFmt format =
            formats.computeIfAbsent(event.format(), f -> PrintFmt.of(f, Style.TRACE_CMD));
        lines.add(line(source, event, format));
      }
    }
    return lines;
  }

  private static String lost(TraceEvent event) {
    String count = event.lost() == TraceEvent.LOST_UNCOUNTED ? "" : event.lost() + " ";
    return "CPU:%d [%sEVENTS DROPPED]".formatted(event.cpu(), count);
  }

  private static String line(TraceSource source, TraceEvent event, PrintFmt format) {
    StringBuilder text = new StringBuilder();
    format.print(event, source.symbols(), text);
    String stamp =
        source.clock().isTime()
            ? "%5d.%09d"
                .formatted(event.timestamp() / 1_000_000_000L, event.timestamp() % 1_000_000_000L)
            : Long.toString(event.timestamp());
    return "%s%16s-%-5d [%03d] %s: %-21s %s"
        .formatted(
            event.buffer().isEmpty() ? "" : event.buffer() + ":",
            event.comm(),
            event.pid(),
            event.cpu(),
            stamp,
            event.format().name() + ":",
            text);
  }
}
