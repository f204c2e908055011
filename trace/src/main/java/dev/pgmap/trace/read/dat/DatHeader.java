package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.input.ByteCursor;
import dev.pgmap.trace.read.input.Codec;
import dev.pgmap.trace.ring.OrderedWords;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes of a trace.dat.
 *
 * <pre>
 *   17 08 44 "tracing"   magic
 *   "6" NUL              version
 *   byte                 0 little endian, 1 big endian
 *   byte                 size of a long of the recording program
 *   u32                  page size
 *   name NUL version NUL compression; from version 7 on
 *   u64                  offset of the first options section; from version 7 on
 * </pre>
 *
 * @param version 6 or 7
 * @param words in the order of the recording machine
 * @param pageBytes size of a ring page
 * @param codec what compressed sections are compressed with
 * @param optionsOffset of the first options section; 0 in version 6
 * @param end where the header ends
 */
record DatHeader(
    int version, OrderedWords words, int pageBytes, Codec codec, long optionsOffset, long end) {
  static final int SECTIONS_VERSION = 7;

  private static final byte[] MAGIC = magic();
  private static final int VERSION_CHARS = 16;
  private static final int CODEC_CHARS = 64;

  private static byte[] magic() {
    byte[] magic = "###tracing".getBytes(StandardCharsets.US_ASCII);
    magic[0] = 0x17;
    magic[1] = 0x08;
    magic[2] = 0x44;
    return magic;
  }

  /** Whether a file begins as a trace.dat does. */
  static boolean isMagic(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads the header.
   *
   * @throws TraceException if this is no trace.dat of version 6 or 7
   */
  static DatHeader read(MemorySegment memory, String source) {
    ByteCursor in = cursor(memory, 0, new OrderedWords(ByteOrder.LITTLE_ENDIAN), source);
    if (!isMagic(in.bytes(Math.min(MAGIC.length, in.remaining()), "magic"))) {
      throw TraceException.at(source, 0, "other bytes", "17 08 44 'tracing'", "no trace.dat");
    }
    int version = version(in);
    OrderedWords words = new OrderedWords(order(in));
    in.u8("size of a long");
    ByteCursor rest = cursor(memory, in.position(), words, source);
    int pageBytes = CpuRegion.pageBytes(rest);
    if (version < SECTIONS_VERSION) {
      return new DatHeader(version, words, pageBytes, Codec.NONE, 0, rest.position());
    }
    Codec codec = codec(rest);
    long options = rest.i64("offset of the options");
    return new DatHeader(version, words, pageBytes, codec, options, rest.position());
  }

  private static ByteCursor cursor(
      MemorySegment memory, long from, OrderedWords words, String source) {
    return new ByteCursor(memory, from, memory.byteSize(), words, source, 0);
  }

  private static int version(ByteCursor in) {
    String version = in.string(VERSION_CHARS, "version");
    return switch (version) {
      case "6" -> 6;
      case "7" -> SECTIONS_VERSION;
      default ->
          throw in.error(
              "version '%s'".formatted(version), "6 or 7", "convert it with trace-cmd convert");
    };
  }

  private static ByteOrder order(ByteCursor in) {
    int order = in.u8("byte order");
    if (order > 1) {
      throw in.error("byte order " + order, "0 (little endian) or 1 (big endian)", "");
    }
    return order == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  private static Codec codec(ByteCursor in) {
    String name = in.string(CODEC_CHARS, "compression");
    in.string(CODEC_CHARS, "version of the compression");
    Codec codec = Codec.named(name);
    if (codec == null) {
      throw in.error(
          "compression '%s'".formatted(name),
          "none, zlib or zstd",
          "convert it with trace-cmd convert --file-version 6");
    }
    return codec;
  }
}
