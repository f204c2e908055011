package dev.pgmap.trace.read.fuzz;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.ReadOptions;
import dev.pgmap.trace.read.dat.DatBuilder;
import dev.pgmap.trace.ring.PageBuilder;
import dev.pgmap.trace.testing.RandomSource;
import dev.pgmap.trace.testing.TestFormats;
import dev.pgmap.trace.write.Compression;
import dev.pgmap.trace.write.FtraceText;
import dev.pgmap.trace.write.TraceDatWriter;
import dev.pgmap.trace.write.TraceWriter;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Small sound files of every kind that we read. */
final class Seeds {
  private static final int EVENTS = 40;

  private final Path scratch;
  private final List<Seed> seeds = new ArrayList<>();

  /** Packs a file of which some pieces are changed first. */
  interface Packing {
    byte[] pack(UnaryOperator<byte[]> change) throws IOException;
  }

  /**
   * A file, and how it is to be read.
   *
   * @param packing makes it again with changes to what is packed in it; null if nothing is
   */
  record Seed(String name, byte[] bytes, ReadOptions options, @Nullable Packing packing) {
    Seed(String name, byte[] bytes) {
      this(name, bytes, ReadOptions.NONE, null);
    }

    Seed(String name, Packing packing) throws IOException {
      this(name, packing.pack(UnaryOperator.identity()), ReadOptions.NONE, packing);
    }
  }

  private Seeds(Path scratch) {
    this.scratch = scratch;
  }

  /** All of them; the directory is for temporary files. */
  static List<Seed> all(Path scratch) throws IOException {
    Seeds all = new Seeds(scratch);
    all.addBinary();
    all.addTexts();
    all.addPacked();
    return all.seeds;
  }

  private byte[] written(TraceWriter writer) throws IOException {
    Path file = scratch.resolve("seed");
    try (TraceSource source = new RandomSource(7).events(EVENTS)) {
      writer.write(source, file);
    }
    return Files.readAllBytes(file);
  }

  private void addBinary() throws IOException {
    seeds.add(new Seed("v6", written(TraceDatWriter.v6())));
    seeds.add(new Seed("v7", written(TraceDatWriter.v7(Compression.NONE))));
    seeds.add(new Seed("v7 zlib", written(TraceDatWriter.v7(Compression.ZLIB))));
    seeds.add(new Seed("v7 zstd", written(TraceDatWriter.v7(Compression.ZSTD))));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      String name = order == ByteOrder.BIG_ENDIAN ? "big" : "little";
      seeds.add(new Seed("v6 " + name, handMade(order).build()));
      seeds.add(new Seed("v7 " + name, handMade(order).buildV7()));
      seeds.add(
          new Seed(
              "v7 zlib " + name,
              change -> handMade(order).damage(change).buildV7("zlib", DatBuilder::deflate)));
      seeds.add(
          new Seed(
              "v7 zstd " + name,
              change -> handMade(order).damage(change).buildV7("zstd", Seeds::zstd)));
    }
  }

  /** Every kind of event header on one page, and two buffers. */
  private static DatBuilder handMade(ByteOrder order) {
    byte[] record = ByteBuffer.allocate(52).order(order).putShort((short) 1003).array();
    byte[] page =
        new PageBuilder(order, 8, 4096, 1_000)
            .event(0, record)
            .header(29, 5)
            .word(8)
            .word(0)
            .header(30, 7)
            .word(3)
            .longEvent(0, record)
            .header(31, 7)
            .word(3)
            .event(1, record)
            .commitFlags(3L << 30)
            .buildWithLong(42);
    DatBuilder builder = new DatBuilder(order, 8).cmdlines("0 idle\n");
    TestFormats.all().stream()
        .filter(format -> format.system().equals("page_ref"))
        .forEach(format -> builder.event("page_ref", format.toText()));
    return builder.cpu(page, page).cpu(Arrays.copyOf(page, 400)).instanceCpu("other", page);
  }

  private void addTexts() {
    seeds.add(new Seed("trace", text(FtraceText.kernel())));
    seeds.add(new Seed("graph", text(FtraceText.kernel(), new RandomSource(9))));
    seeds.add(new Seed("trace_pipe", text(FtraceText.pipe())));
    seeds.add(new Seed("report", text(FtraceText.report())));
    seeds.add(
        new Seed(
            "perf script",
            """
            my task   313 [002]     9.810194: page_ref:page_ref_mod: pfn=0x70200 flags=0x14 \
            count=2 mapcount=0 mapping=0xff110002003a6400 mt=1 val=1
            \tffffffff81234567 try_grab_folio+0x57 ([kernel.kallsyms])
            \tffffffff81234999 [unknown] (/usr/lib/libc.so.6)

            gup_test 313/314 9.810195123:          1 sched:sched_switch: prev_comm=a b prev_pid=1

            """
                .getBytes(StandardCharsets.UTF_8)));
    String log =
        """
        [   12.345678] nv: INC page 70200 by nv_pin<-nv_ioctl in train/42
        [   12.345679] usb 1-1: new device
        [   12.400000] nv: DEC page 70200 by nv_unpin in my app/43
        """;
    Pattern pattern =
        Pattern.compile(
            "\\[ *(?<ts>\\d+\\.\\d+)\\] nv: (?<event>\\w+) page (?<pfnHex>\\w+)"
                + " by (?<function>\\S+) in (?<comm>.*)/(?<pid>\\d+)");
    byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
    seeds.add(new Seed("log", bytes, new ReadOptions(pattern), null));
  }

  private static byte[] text(FtraceText printer) {
    return text(printer, new RandomSource(8).withoutCalls());
  }

  private static byte[] text(FtraceText printer, RandomSource recording) {
    StringBuilder out = new StringBuilder();
    try (TraceSource source = recording.events(EVENTS)) {
      printer.print(source, out);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void addPacked() throws IOException {
    byte[] binary = handMade(ByteOrder.LITTLE_ENDIAN).buildV7();
    byte[] text = text(FtraceText.kernel());
    String lines = new String(text, StandardCharsets.UTF_8);
    DatBuilder latency = new DatBuilder(ByteOrder.LITTLE_ENDIAN, 8).latency(lines);
    seeds.add(new Seed("v7 in zst", change -> zstd(change.apply(binary))));
    seeds.add(new Seed("trace in gz", change -> gzip(change.apply(text))));
    seeds.add(
        new Seed("v7 latency", change -> latency.damage(change).buildV7("zstd", Seeds::zstd)));
  }

  private static byte[] zstd(byte[] data) {
    ZstdJavaCompressor compressor = new ZstdJavaCompressor();
    byte[] packed = new byte[compressor.maxCompressedLength(data.length)];
    int bytes = compressor.compress(data, 0, data.length, packed, 0, packed.length);
    return Arrays.copyOf(packed, bytes);
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }
}
