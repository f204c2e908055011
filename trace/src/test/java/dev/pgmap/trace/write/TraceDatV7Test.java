package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sections of a zlib file, taken apart: the trace-cmd of Debian is built without zlib. */
class TraceDatV7Test {
  private static final int SECTION_HEADER_BYTES = 16;
  private static final int FLYRECORD = 3;

  @TempDir Path folder;

  @Test
  void theSectionsOfAZlibFileInflateToThoseOfAPlainOne() throws Exception {
    SourceBuilder builder = new SourceBuilder().cpus(2).comm(7, "task");
    for (int i = 0; i < 10_000; i++) {
      builder.event("page_ref_mod", 0, 7, i * 1_000L, "pfn", i);
    }
    TraceSource source = builder.build();

    List<byte[]> plain = sections(source, Compression.NONE);
    List<byte[]> inflated = sections(source, Compression.ZLIB);

    assertThat(inflated).hasSameSizeAs(plain);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(inflated.get(i)).as("section %d", i).isEqualTo(plain.get(i));
    }
  }

  /** What describes the recording, and the pages of cpu 0; not where things are. */
  private List<byte[]> sections(TraceSource source, Compression compression)
      throws IOException, DataFormatException {
    Path file = folder.resolve(compression + ".dat");
    TraceDatWriter.v7(compression).write(source, file);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(18);
    assertThat(string(bytes)).isEqualTo(compression.label());
    assertThat(string(bytes)).isEqualTo(compression.version());
    bytes.position(bytes.position() + Long.BYTES);
    List<byte[]> sections = new ArrayList<>();
    while (bytes.getShort(bytes.position()) != 0) {
      int start = bytes.position();
      int id = bytes.getShort();
      boolean compressed = bytes.getShort() == 1;
      int size = (int) bytes.getLong(start + 8);
      bytes.position(start + SECTION_HEADER_BYTES);
      ByteBuffer body = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
      sections.add(
          id == FLYRECORD ? pages(body, compressed, bytes.position()) : body(body, compressed));
      bytes.position(start + SECTION_HEADER_BYTES + size);
    }
    return sections;
  }

  private static byte[] body(ByteBuffer body, boolean compressed) throws DataFormatException {
    return compressed ? chunk(body) : rest(body);
  }

  private static byte[] pages(ByteBuffer body, boolean compressed, int offset)
      throws DataFormatException {
    if (!compressed) {
      body.position(-offset & 4095);
      return rest(body);
    }
    ByteBuffer all = ByteBuffer.allocate(1 << 22);
    for (int chunks = body.getInt(); chunks > 0; chunks--) {
      all.put(chunk(body));
    }
    return rest(all.flip());
  }

  private static byte[] chunk(ByteBuffer body) throws DataFormatException {
    byte[] compressed = new byte[body.getInt()];
    byte[] raw = new byte[body.getInt()];
    body.get(compressed);
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(compressed);
      assertThat(inflater.inflate(raw)).isEqualTo(raw.length);
    }
    return raw;
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return rest;
  }

  private static String string(ByteBuffer buffer) {
    StringBuilder text = new StringBuilder();
    for (byte next = buffer.get(); next != 0; next = buffer.get()) {
      text.append(new String(new byte[] {next}, StandardCharsets.US_ASCII));
    }
    return text.toString();
  }
}
