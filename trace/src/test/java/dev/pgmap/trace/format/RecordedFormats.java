package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What real kernels stated in recordings; each file says in its first line where it is from. */
final class RecordedFormats {
  private RecordedFormats() {}

  /** The lines of a compressed file that lies beside this class. */
  static List<String> lines(String name) {
    return text(name).lines().toList();
  }

  private static String text(String name) {
    try (InputStream file =
        Objects.requireNonNull(RecordedFormats.class.getResourceAsStream(name), name)) {
      return new String(new GZIPInputStream(file).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts of a kernel's formats, each with its system before the first newline. */
  static List<String> texts(String kernel) {
    String[] parts = text("kernel-%s-formats.txt.gz".formatted(kernel)).split("(?m)^--- ");
    return List.of(parts).subList(1, parts.length);
  }

  /** The formats of a kernel: ftrace's own, page_ref, fs_dax, migrate and memory failure. */
  static List<EventFormat> of(String kernel) {
    List<EventFormat> formats = new ArrayList<>();
    for (String text : texts(kernel)) {
      int newline = text.indexOf('\n');
      formats.add(
          FormatParser.parse(text.substring(0, newline), text.substring(newline + 1), kernel));
    }
    return formats;
  }
}
