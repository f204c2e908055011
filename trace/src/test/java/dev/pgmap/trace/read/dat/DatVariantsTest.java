package dev.pgmap.trace.read.dat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.Recordings;
import dev.pgmap.trace.ring.PageBuilder;
import dev.pgmap.trace.ring.RingPage;
import dev.pgmap.trace.testing.TestFormats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatVariantsTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  /** An event of two numbers, of which one is a long. */
  private static final String PIN_64 =
      """
      name: pin
      ID: 1001
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;
      \tfield:int val;\toffset:16;\tsize:4;\tsigned:1;

      print fmt: "pfn=0x%lx val=%d", REC->pfn, REC->val
      """;

  private static final String PIN_32 =
      PIN_64.replace("offset:8;\tsize:8", "offset:8;\tsize:4").replace("offset:16", "offset:12");

  /** How the same recording is laid out. */
  enum Layout {
    V6(DatBuilder::build),
    V7(DatBuilder::buildV7),
    V7_ZLIB(DatBuilder::buildV7Zlib);

    private final Function<DatBuilder, byte[]> build;

    Layout(Function<DatBuilder, byte[]> build) {
      this.build = build;
    }
  }

  @TempDir private Path directory;

  private TraceSource open(byte[] bytes) {
    try {
      return TraceDat.open(Files.write(directory.resolve("a.dat"), bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> read(byte[] bytes) {
    try (TraceSource source = open(bytes)) {
      return Recordings.lines(source).stream()
          .map(line -> line.replaceAll(" +", " ").strip())
          .toList();
    }
  }

  private static byte[] record(ByteOrder order, int longBytes, int pid, long pfn, int val) {
    ByteBuffer record = ByteBuffer.allocate(longBytes == 8 ? 20 : 16).order(order);
    record.putShort((short) 1001).put((byte) 0).put((byte) 0).putInt(pid);
    if (longBytes == 8) {
      record.putLong(pfn);
    } else {
      record.putInt((int) pfn);
    }
    return record.putInt(val).array();
  }

  private static byte[] record(long pfn, int val) {
    return record(LITTLE, 8, 42, pfn, val);
  }

  private static PageBuilder page(long stamp) {
    return new PageBuilder(LITTLE, 8, DatBuilder.PAGE, stamp);
  }

  /** Two cpus with three events. */
  private static DatBuilder recording() {
    return new DatBuilder(LITTLE, 8)
        .event("gup", PIN_64)
        .cmdlines("42 task\n")
        .cpu(page(1_000).event(0, record(0x10, 1)).event(4_000, record(0x10, -1)).build())
        .cpu(page(2_000).event(0, record(0x11, 1)).build());
  }

  private static final List<String> EVENTS =
      List.of(
          "task-42 [000] 0.000001000: pin: pfn=0x10 val=1",
          "task-42 [001] 0.000002000: pin: pfn=0x11 val=1",
          "task-42 [000] 0.000005000: pin: pfn=0x10 val=-1");

  static Stream<Arguments> machines() {
    return Stream.of(LITTLE, BIG)
        .flatMap(order -> Stream.of(4, 8).map(bytes -> new Object[] {order, bytes}))
        .flatMap(machine ->
            Arrays.stream(Layout.values())
                .map(layout -> Arguments.of(machine[0], machine[1], layout)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void recordingsOfAllMachinesAndLayoutsAreRead(ByteOrder order, int longBytes, Layout layout) {
    byte[] first =
        new PageBuilder(order, longBytes, DatBuilder.PAGE, 1_000)
            .event(0, record(order, longBytes, 42, 0x10, 1))
            .longEvent(4_000, record(order, longBytes, 42, 0x10, -1))
            .build();
    byte[] second =
        new PageBuilder(order, longBytes, DatBuilder.PAGE, 2_000)
            .event(0, record(order, longBytes, 42, 0x11, 1))
            .build();
    DatBuilder builder =
        new DatBuilder(order, longBytes)
            .event("gup", longBytes == 8 ? PIN_64 : PIN_32)
            .cmdlines("42 task\n")
            .cpu(first)
            .cpu(second);

    assertThat(read(layout.build.apply(builder))).isEqualTo(EVENTS);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void lostEventsAreToldBeforeTheEventThatTheyPrecede(Layout layout) {
    byte[] counted =
        page(9_000)
            .event(0, record(0x12, 1))
            .commitFlags(RingPage.MISSED_EVENTS | RingPage.MISSED_STORED)
            .buildWithLong(42);
    byte[] uncounted =
        page(10_000).event(0, record(0x13, 1)).commitFlags(RingPage.MISSED_EVENTS).build();
    DatBuilder builder =
        new DatBuilder(LITTLE, 8)
            .event("gup", PIN_64)
            .cpu(page(1_000).event(0, record(0x10, 1)).build(), counted, uncounted);

    assertThat(read(layout.build.apply(builder)))
        .containsExactly(
            "<...>-42 [000] 0.000001000: pin: pfn=0x10 val=1",
            "CPU:0 [42 EVENTS DROPPED]",
            "<...>-42 [000] 0.000009000: pin: pfn=0x12 val=1",
            "CPU:0 [EVENTS DROPPED]",
            "<...>-42 [000] 0.000010000: pin: pfn=0x13 val=1");
  }

  @Test
  void whatIsLostBeforeAnEmptyPageIsToldOfTheNextEvent() {
    byte[] empty =
        page(1_000).commitFlags(RingPage.MISSED_EVENTS | RingPage.MISSED_STORED).buildWithLong(7);
    byte[] next =
        page(2_000)
            .event(0, record(0x12, 1))
            .commitFlags(RingPage.MISSED_EVENTS | RingPage.MISSED_STORED)
            .buildWithLong(5);

    assertThat(read(new DatBuilder(LITTLE, 8).event("gup", PIN_64).cpu(empty, next).build()))
        .containsExactly(
            "CPU:0 [12 EVENTS DROPPED]", "<...>-42 [000] 0.000002000: pin: pfn=0x12 val=1");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void severalBuffersAreMergedByTime(Layout layout) {
    DatBuilder builder =
        recording()
            .instanceCpu("bad-run", page(1_500).event(0, record(0x20, 1)).build())
            .instanceCpu("bad-run", page(9_000).event(0, record(0x21, 1)).build())
            .instanceCpu("other", page(1_400).event(0, record(0x30, 1)).build())
            .instanceCpu("other");

    assertThat(read(layout.build.apply(builder)))
        .containsExactly(
            EVENTS.get(0),
            "other: task-42 [000] 0.000001400: pin: pfn=0x30 val=1",
            "bad-run: task-42 [000] 0.000001500: pin: pfn=0x20 val=1",
            EVENTS.get(1),
            EVENTS.get(2),
            "bad-run: task-42 [001] 0.000009000: pin: pfn=0x21 val=1");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void dataThatIsNotAlignedAndALastPageThatIsShortAreRead(Layout layout) {
    byte[] full = page(1_000).event(0, record(0x10, 1)).build();
    byte[] last = page(2_000).event(0, record(0x11, 1)).build();
    DatBuilder builder =
        new DatBuilder(LITTLE, 8)
            .event("gup", PIN_64)
            .cmdlines("42 task\n")
            .cpu()
            .dataGap(13)
            .cpu(full, Arrays.copyOf(last, 200));

    assertThat(read(layout.build.apply(builder)))
        .containsExactly(
            "task-42 [001] 0.000001000: pin: pfn=0x10 val=1",
            "task-42 [001] 0.000002000: pin: pfn=0x11 val=1");
  }

  @Test
  void theClockIsTheOneInBrackets() {
    byte[] counting =
        recording().option(DatBuilder.TRACECLOCK, "local global [counter] x86-tsc\n").build();

    try (TraceSource source = open(counting)) {
      assertThat(source.clock().name()).isEqualTo("counter");
      assertThat(source.clock().isTime()).isFalse();
    }
    assertThat(read(counting).getFirst()).isEqualTo("task-42 [000] 1000: pin: pfn=0x10 val=1");
    try (TraceSource source = open(recording().clock("mono").buildV7())) {
      assertThat(source.clock().name()).isEqualTo("mono");
    }
  }

  @Test
  void stampsAreShiftedAndScaledAsTheOptionsSay() {
    byte[] shifted =
        recording().option(DatBuilder.DATE, "0x2").option(DatBuilder.OFFSET, "-500").build();
    ByteBuffer scale = ByteBuffer.allocate(16).order(LITTLE).putInt(3 << 10).putInt(10).putLong(0);
    byte[] scaled =
        recording()
            .option(DatBuilder.TRACECLOCK, "[x86-tsc]")
            .option(DatBuilder.TSC2NSEC, scale.array())
            .build();

    assertThat(read(shifted).getFirst()).contains(" 0.000002500: ");
    assertThat(read(scaled).getFirst()).contains(" 0.000003000: ");
  }

  @Test
  void theNumberOfCpusMayBeRaisedByAnOption() {
    try (TraceSource source =
        open(recording().option(DatBuilder.CPUCOUNT, new byte[] {6, 0, 0, 0}).buildV7())) {
      assertThat(source.nrCpus()).isEqualTo(6);
    }
  }

  @Test
  void piecesThatAreNotNeededMayBeMissing() {
    byte[] page = page(1_000).event(0, record(0x10, 1)).build();
    String bare = PIN_64.replaceAll("\tsigned:\\d;", "").replace("\n\n", "\n").stripTrailing();
    for (UnaryOperator<DatBuilder> change :
        List.<UnaryOperator<DatBuilder>>of(
            builder -> builder.event("gup", PIN_64),
            builder -> builder.event("gup", bare),
            builder -> builder.event("gup", PIN_64).kallsyms("no such thing"),
            builder -> builder.event("gup", PIN_64).cpu())) {
      DatBuilder builder = change.apply(new DatBuilder(LITTLE, 8).cpu(page));
      for (Layout layout : Layout.values()) {
        assertThat(read(layout.build.apply(builder)))
            .containsExactly("<...>-42 [000] 0.000001000: pin: pfn=0x10 val=1");
      }
    }
  }

  @Test
  void anEventWithoutAFormatIsToldByItsNumber() {
    byte[] page = page(1_000).event(0, record(0x10, 1)).build();

    try (TraceSource source = open(new DatBuilder(LITTLE, 8).cpu(page).build());
        TraceCursor cursor = source.open()) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.event().format()).hasToString("unknown:event_1001");
      assertThat(cursor.event().pid()).isEqualTo(42);
    }
  }

  @Test
  void aFormatWithoutAPrintFmtLeavesTheFieldsReadable() {
    String bare = PIN_64.substring(0, PIN_64.indexOf("print fmt"));
    byte[] page = page(1_000).event(0, record(0x10, -5)).build();

    try (TraceSource source = open(new DatBuilder(LITTLE, 8).event("gup", bare).cpu(page).build());
        TraceCursor cursor = source.open()) {
      assertThat(cursor.next()).isTrue();
      TraceEvent event = cursor.event();
      EventField val = Objects.requireNonNull(event.format().field("val"));
      assertThat(event.number(val)).isEqualTo(-5);
    }
  }

  @Test
  void aLatencyTracerLeavesText() {
    String text =
        """
        # tracer: wakeup
        a-1     1d..2    4us : e: x=1
        a-1     1d..2    9us+: e: x=2
        """;
    DatBuilder builder = new DatBuilder(LITTLE, 8).cpu().latency(text.repeat(300));
    for (Layout layout : Layout.values()) {
      List<String> lines = read(layout.build.apply(builder));
      assertThat(lines).hasSize(600).startsWith("a-1 [001] 0.000004000: e: x=1");
    }
  }

  @Test
  void symbolsAreThoseOfKallsyms() {
    String kallsyms =
        """
        ffffffff81000000 T first
        ffffffff81000100 t second\t[mod]
        0000000000000000 A absolute
        ffffffff81000200 t $x
        ffffffff81000300 T last
        """;
    try (TraceSource source = open(recording().kallsyms(kallsyms).build())) {
      assertThat(source.symbols().names()).containsExactly("first", "second", "last");
      assertThat(source.symbols().nameOf(0xffffffff81000204L)).isEqualTo("second");
      assertThat(source.symbols().nameOf(0xffffffff81000300L)).isEqualTo("last");
      assertThat(source.symbols().nameOf(0xffffffff81000304L)).isNull();
    }
  }

  @Test
  void aHeadThatIsDamagedIsToldWithItsOffset() {
    assertDamaged(recording().version("0.6").build(), "version '0.6'", "6 or 7");
    assertDamaged(recording().headerPage("").build(), "no description of header_page", "one");
    assertDamaged(recording().withoutHeaders().buildV7(), "no description of header_page", "one");
    assertDamaged(
        recording().headerPage(DatBuilder.headerPage(2)).build(),
        "a page header of another layout",
        "commit of 4 or 8");
    assertDamaged(
        recording().headerPage("\tfield: u64 x;\toffset:0;\tsize:8;").build(),
        "a header_page without 'commit'",
        "that field");
    assertDamaged(recording().event("gup", "name: x\n").build(), "format of system 'gup'", "'ID:");
    assertDamaged(
        recording().buildV7("lz4", bytes -> bytes), "compression 'lz4'", "none, zlib or zstd");
    assertDamaged(new byte[] {0x17, 0x08, 0x44}, "other bytes", "'tracing'");
  }

  @Test
  void aFileThatIsCutShortIsToldFromWhereOn() {
    byte[] whole = recording().build();
    byte[] v7 = recording().buildV7();

    assertDamaged(
        Arrays.copyOf(whole, whole.length - 1),
        "cpu 1: data up to " + whole.length,
        "a file of " + (whole.length - 1));
    assertDamaged(Arrays.copyOf(whole, 100), "at offset", "that are left");
    assertDamaged(Arrays.copyOf(v7, v7.length / 2), "a section at offset", "bytes of the file");
  }

  @Test
  void regionsThatOverlapAreDamaged() {
    byte[] bytes = recording().build();
    int tag = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("flyrecord");
    ByteBuffer table = ByteBuffer.wrap(bytes).order(LITTLE);
    table.putLong(tag + 10 + 16, table.getLong(tag + 10) + 8);

    assertDamaged(bytes, "cpu 1: data that overlaps another cpu's", "data of its own");
  }

  @Test
  void optionsThatLeadBackAreDamaged() {
    byte[] bytes = recording().buildV7();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(LITTLE);
    file.putLong(bytes.length - 8, file.getLong(indexOfOptions(bytes)));

    assertDamaged(bytes, "options that lead back here", "an end");
  }

  /** Behind the header's NUL-terminated words: where the offset of the options is. */
  private static int indexOfOptions(byte[] bytes) {
    int at = 18;
    for (int words = 0; words < 2; at++) {
      words += bytes[at] == 0 ? 1 : 0;
    }
    return at;
  }

  @Test
  void aPageThatIsDamagedIsToldWhenACursorGetsThere() {
    byte[] page = page(1_000).event(0, record(0x10, 1)).header(28, 0).build();
    byte[] bytes = new DatBuilder(LITTLE, 8).event("gup", PIN_64).cpu(page).build();
    byte[] zlib = new DatBuilder(LITTLE, 8).event("gup", PIN_64).cpu(page).buildV7Zlib();
    int offset = bytes.length - DatBuilder.PAGE + 16 + 24;

    try (TraceSource source = open(bytes);
        TraceCursor cursor = source.open()) {
      assertThat(cursor.next()).isTrue();
      assertThatThrownBy(cursor::next)
          .isInstanceOf(TraceException.class)
          .hasMessageContaining("a.dat at offset %d ".formatted(offset))
          .hasMessageContaining("an event of 116 bytes");
    }
    try (TraceSource source = open(zlib);
        TraceCursor cursor = source.open()) {
      assertThat(cursor.next()).isTrue();
      assertThatThrownBy(cursor::next)
          .isInstanceOf(TraceException.class)
          .hasMessageContaining("a.dat, unpacked data of cpu 0 at offset 40 ");
    }
  }

  @Test
  void aRecordThatIsShorterThanItsFormatIsDamaged() {
    byte[] page = page(1_000).event(0, Arrays.copyOf(record(0x10, 1), 12)).build();

    try (TraceSource source =
            open(new DatBuilder(LITTLE, 8).event("gup", PIN_64).cpu(page).build());
        TraceCursor cursor = source.open()) {
      assertThatThrownBy(cursor::next)
          .isInstanceOf(TraceException.class)
          .hasMessageContaining("an event gup:pin of 12 bytes, expected at least 20");
    }
  }

  @Test
  void aLengthThatIsHugeAllocatesNothing() {
    byte[] bytes = recording().build();
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < Math.min(bytes.length - 8, 4_000); i++) {
      byte[] hostile = bytes.clone();
      ByteBuffer.wrap(hostile).order(LITTLE).putLong(i, 1L << 60);
      long before = allocated();
      try (TraceSource source = open(hostile);
          TraceCursor cursor = source.open()) {
        while (cursor.next()) {
          lengths.add(cursor.event().cpu());
        }
      } catch (TraceException damaged) {
        assertThat(damaged).hasMessageContaining("a.dat");
      }
      assertThat(allocated() - before).as("at %d", i).isLessThan(16L << 20);
    }
    assertThat(lengths).isNotEmpty();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  void theFormatsOfARealKernelSurvive() {
    EventFormat format = TestFormats.all().getFirst();
    try (TraceSource source = open(recording().ftraceFormat(format.toText()).build())) {
      EventFormat read = Objects.requireNonNull(source.events().byName(format.name()));
      assertThat(read.toText()).isEqualTo(format.toText());
      assertThat(read.system()).isEqualTo("ftrace");
    }
  }

  private void assertDamaged(byte[] bytes, String found, String expected) {
    assertThatThrownBy(() -> open(bytes).close())
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a.dat")
        .hasMessageContaining(found)
        .hasMessageContaining(expected);
  }
}
