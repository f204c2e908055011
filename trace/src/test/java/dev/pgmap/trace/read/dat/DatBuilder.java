package dev.pgmap.trace.read.dat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Puts together a trace.dat piece by piece, in either byte order, so that a test can leave out
 * pieces and state what no writer of ours would write.
 */
public final class DatBuilder {
  static final int PAGE = 4096;
  static final int DATE = 1;
  static final int BUFFER = 3;
  static final int TRACECLOCK = 4;
  static final int OFFSET = 7;
  static final int CPUCOUNT = 8;
  static final int TSC2NSEC = 14;
  static final int BUFFER_TEXT = 22;

  private final ByteOrder order;
  private String version = "6";
  private @Nullable String headerPage;
  private final List<String> ftraceFormats = new ArrayList<>();
  private final Map<String, List<String>> systems = new LinkedHashMap<>();
  private String kallsyms = "";
  private String cmdlines = "";
  private final ByteArrayOutputStream options = new ByteArrayOutputStream();
  private final List<byte[]> cpus = new ArrayList<>();
  private final Map<String, List<byte[]>> instances = new LinkedHashMap<>();
  private int dataGap;
  private @Nullable String latency;
  private String clock = "local";
  private boolean hasHeaders = true;
  private UnaryOperator<byte[]> damage = UnaryOperator.identity();

  /** A recording without anything of a kernel with a long of so many bytes. */
  public DatBuilder(ByteOrder order, int longBytes) {
    this.order = order;
    this.headerPage = headerPage(longBytes);
  }

  static String headerPage(int longBytes) {
    return """
    \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
    \tfield: local_t commit;\toffset:8;\tsize:%d;\tsigned:1;
    \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
    \tfield: char data;\toffset:%d;\tsize:4080;\tsigned:1;
    """
        .formatted(longBytes, 8 + longBytes);
  }

  DatBuilder version(String text) {
    version = text;
    return this;
  }

  DatBuilder headerPage(String text) {
    headerPage = text;
    return this;
  }

  /** Leaves the section of headers out, in version 7. */
  DatBuilder withoutHeaders() {
    hasHeaders = false;
    return this;
  }

  DatBuilder ftraceFormat(String text) {
    ftraceFormats.add(text);
    return this;
  }

  /** An event of a system. */
  public DatBuilder event(String system, String format) {
    systems.computeIfAbsent(system, unused -> new ArrayList<>()).add(format);
    return this;
  }

  DatBuilder kallsyms(String text) {
    kallsyms = text;
    return this;
  }

  /** Names of tasks. */
  public DatBuilder cmdlines(String text) {
    cmdlines = text;
    return this;
  }

  DatBuilder clock(String name) {
    clock = name;
    return this;
  }

  DatBuilder option(int id, byte[] data) {
    options.writeBytes(bytes(6).putShort((short) id).putInt(data.length).array());
    options.writeBytes(data);
    return this;
  }

  DatBuilder option(int id, String text) {
    return option(id, nul(text));
  }

  /** The pages of the next cpu of the top buffer. */
  public DatBuilder cpu(byte[]... pages) {
    cpus.add(joined(pages));
    return this;
  }

  /** The pages of the next cpu of an instance. */
  public DatBuilder instanceCpu(String name, byte[]... pages) {
    instances.computeIfAbsent(name, unused -> new ArrayList<>()).add(joined(pages));
    return this;
  }

  /** Puts so many bytes in front of the data of each cpu, so that they are not aligned. */
  DatBuilder dataGap(int bytes) {
    dataGap = bytes;
    return this;
  }

  /** The text of a latency tracer in place of pages. */
  public DatBuilder latency(String text) {
    latency = text;
    return this;
  }

  /** What is done to each piece of a file of version 7 before it is packed. */
  public DatBuilder damage(UnaryOperator<byte[]> change) {
    damage = change;
    return this;
  }

  ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(order);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] nul(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private byte[] u16(int value) {
    return bytes(2).putShort((short) value).array();
  }

  private byte[] u32(long value) {
    return bytes(4).putInt((int) value).array();
  }

  private byte[] u64(long value) {
    return bytes(8).putLong(value).array();
  }

  private byte[] longText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return joined(u64(utf8.length), utf8);
  }

  private byte[] shortText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return joined(u32(utf8.length), utf8);
  }

  private byte[] head() {
    return joined(
        new byte[] {0x17, 0x08, 0x44},
        "tracing".getBytes(StandardCharsets.US_ASCII),
        nul(version),
        new byte[] {(byte) (order == ByteOrder.BIG_ENDIAN ? 1 : 0), 8},
        u32(PAGE));
  }

  private byte[] headers() {
    return joined(
        nul("header_page"),
        longText(headerPage == null ? "" : headerPage),
        nul("header_event"),
        longText(""));
  }

  private byte[] ftrace() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(u32(ftraceFormats.size()));
    ftraceFormats.forEach(format -> out.writeBytes(longText(format)));
    return out.toByteArray();
  }

  private byte[] events() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(u32(systems.size()));
    systems.forEach((system, formats) -> {
      out.writeBytes(nul(system));
      out.writeBytes(u32(formats.size()));
      formats.forEach(format -> out.writeBytes(longText(format)));
    });
    return out.toByteArray();
  }

  /** The file in version 6. */
  public byte[] build() {
    byte[] pieces =
        joined(
            head(),
            headers(),
            ftrace(),
            events(),
            shortText(kallsyms),
            shortText(""),
            longText(cmdlines),
            u32(cpus.size()));
    if (latency != null) {
      return joined(pieces, tag("latency  "), latency.getBytes(StandardCharsets.UTF_8));
    }
    int optionBytes = instances.keySet().stream().mapToInt(name -> 15 + name.length()).sum();
    byte[] none = joined(options.toByteArray(), new byte[optionBytes], u16(0));
    int table = pieces.length + 10 + none.length;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int tableBytes = 10 + 16 * cpus.size() + 8;
    int start = aligned(table + tableBytes * (1 + instances.size()));
    byte[] top = table(cpus, start, data);
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    ByteArrayOutputStream buffers = new ByteArrayOutputStream();
    for (Map.Entry<String, List<byte[]>> instance : instances.entrySet()) {
      buffers.writeBytes(
          joined(
              u16(BUFFER),
              u32(9 + instance.getKey().length()),
              u64(table + tableBytes + tables.size()),
              nul(instance.getKey())));
      tables.writeBytes(table(instance.getValue(), start, data));
    }
    byte[] front =
        joined(
            pieces,
            tag("options  "),
            options.toByteArray(),
            buffers.toByteArray(),
            u16(0),
            top,
            tables.toByteArray());
    return joined(Arrays.copyOf(front, start), data.toByteArray());
  }

  private byte[] table(List<byte[]> buffer, int start, ByteArrayOutputStream data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(tag("flyrecord"));
    for (byte[] cpu : buffer) {
      data.writeBytes(new byte[dataGap]);
      out.writeBytes(joined(u64(cpu.length == 0 ? 0 : start + data.size()), u64(cpu.length)));
      data.writeBytes(cpu);
    }
    out.writeBytes(u64(0));
    return out.toByteArray();
  }

  private static byte[] tag(String text) {
    return nul(text);
  }

  private static int aligned(int offset) {
    return (offset + PAGE - 1) / PAGE * PAGE;
  }

  /** The file in version 7, nothing compressed. */
  public byte[] buildV7() {
    return buildV7("none", UnaryOperator.identity());
  }

  /** The file in version 7, compressed by zlib. */
  public byte[] buildV7Zlib() {
    return buildV7("zlib", DatBuilder::deflate);
  }

  /** Packs a piece by zlib. */
  public static byte[] deflate(byte[] raw) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(raw);
      deflater.finish();
      byte[] to = new byte[raw.length + 100];
      return Arrays.copyOf(to, deflater.deflate(to));
    }
  }

  /** The file in version 7, each piece packed by a function that goes by the name of the codec. */
  public byte[] buildV7(String codec, UnaryOperator<byte[]> pack) {
    version = "7";
    V7 file = new V7(!codec.equals("none"), pack);
    file.out.writeBytes(joined(head(), nul(codec), nul("1")));
    int hole = file.out.size();
    file.out.writeBytes(u64(0));
    if (hasHeaders) {
      file.pointTo(16, headers());
    }
    file.pointTo(17, ftrace());
    file.pointTo(18, events());
    file.pointTo(19, shortText(kallsyms));
    file.pointTo(21, longText(cmdlines));
    if (latency != null) {
      int at = file.section(22, chunks(latency.getBytes(StandardCharsets.UTF_8), file), false);
      file.option(BUFFER_TEXT, joined(u64(at), nul(""), nul(clock)));
    } else {
      file.buffer("", cpus);
      instances.forEach(file::buffer);
    }
    int at = file.out.size();
    file.section(
        0, joined(file.options.toByteArray(), options.toByteArray(), u16(0), u32(8), u64(0)), true);
    ByteBuffer whole = ByteBuffer.wrap(file.out.toByteArray()).order(order);
    whole.putLong(hole, at);
    return whole.array();
  }

  /** In chunks of a page, if it is compressed. */
  private byte[] chunks(byte[] raw, V7 file) {
    if (!file.packed) {
      return raw;
    }
    int count = (raw.length + PAGE - 1) / PAGE;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(u32(count));
    for (int i = 0; i < count; i++) {
      byte[] page = Arrays.copyOfRange(raw, i * PAGE, Math.min(raw.length, (i + 1) * PAGE));
      byte[] chunk = damage.apply(page);
      byte[] packed = file.pack.apply(chunk);
      out.writeBytes(joined(u32(packed.length), u32(chunk.length), packed));
    }
    return out.toByteArray();
  }

  /** A file of version 7 as it comes about. */
  private final class V7 {
    private final boolean packed;
    private final UnaryOperator<byte[]> pack;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();

    V7(boolean packed, UnaryOperator<byte[]> pack) {
      this.packed = packed;
      this.pack = pack;
    }

    void option(int id, byte[] data) {
      options.writeBytes(joined(u16(id), u32(data.length), data));
    }

    void pointTo(int id, byte[] body) {
      option(id, u64(section(id, body, true)));
    }

    /** Adds a section; says where. */
    int section(int id, byte[] body, boolean mayPack) {
      int at = out.size();
      byte[] data = body;
      if (packed && mayPack) {
        byte[] raw = damage.apply(body);
        byte[] small = pack.apply(raw);
        data = joined(u32(small.length), u32(raw.length), small);
      }
      out.writeBytes(joined(u16(id), u16(packed ? 1 : 0), u32(0), u64(data.length), data));
      return at;
    }

    void buffer(String name, List<byte[]> buffer) {
      int at = out.size();
      List<byte[]> data = buffer.stream().map(cpu -> chunks(cpu, this)).toList();
      int first = packed ? at + 16 : aligned(at + 16);
      int total = data.stream().mapToInt(cpu -> cpu.length + dataGap).sum();
      out.writeBytes(joined(u16(3), u16(packed ? 1 : 0), u32(0), u64(first - at - 16 + total)));
      out.writeBytes(new byte[first - at - 16]);
      ByteArrayOutputStream table = new ByteArrayOutputStream();
      for (int cpu = 0; cpu < data.size(); cpu++) {
        out.writeBytes(new byte[dataGap]);
        int bytes = data.get(cpu).length;
        table.writeBytes(
            joined(u32(cpu), u64(out.size()), u64(buffer.get(cpu).length == 0 ? 0 : bytes)));
        out.writeBytes(data.get(cpu));
      }
      option(
          BUFFER,
          joined(u64(at), nul(name), nul(clock), u32(PAGE), u32(data.size()), table.toByteArray()));
    }
  }
}
