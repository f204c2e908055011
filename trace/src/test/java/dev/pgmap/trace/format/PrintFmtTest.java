package dev.pgmap.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One event with every shape of field; each test prints it by another format. */
class PrintFmtTest {
  private static final int ID = 2000;

  private static EventFormat format(String printFmt) {
    return new EventFormat(
        "test",
        "probe",
        ID,
        EventFormat.commonFields(),
        List.of(
            EventField.of("unsigned long pfn", 8, 8, false),
            EventField.of("int val", 16, 4, true),
            EventField.of("unsigned int dev", 20, 4, false),
            EventField.of("void * mapping", 24, 8, false),
            EventField.of("char comm[16]", 32, 16, false),
            EventField.of("__data_loc char[] name", 48, 4, false),
            EventField.of("__data_loc unsigned long[] pfns", 52, 4, false),
            EventField.of("__u8 addr[4]", 56, 4, false),
            EventField.of("unsigned long caller[2]", 64, 16, false)),
        printFmt);
  }

  private static String print(Style style, String printFmt) {
    EventFormat format = format(printFmt);
    SourceBuilder builder = new SourceBuilder().format(format);
    long function = builder.function("try_grab_folio");
    builder.event(
        "probe",
        0,
        1,
        1,
        "pfn",
        0x70200L,
        "val",
        -1024,
        "dev",
        0x10300005L,
        "mapping",
        0xff11000208983de0L,
        "comm",
        "gup_test",
        "name",
        "a.txt",
        "pfns",
        new long[] {1, 0x70200},
        "addr",
        new long[] {127, 0, 0, 1},
        "caller",
        new long[] {function + 0x10, 0});
    StringBuilder out = new StringBuilder();
    try (TraceSource source = builder.build();
        TraceCursor cursor = source.open()) {
      assertThat(cursor.next()).isTrue();
      PrintFmt.of(format, style).print(cursor.event(), source.symbols(), out);
    }
    return out.toString();
  }

  private static String kernel(String printFmt) {
    return print(Style.KERNEL, printFmt);
  }

  private static String traceCmd(String printFmt) {
    return print(Style.TRACE_CMD, printFmt);
  }

  @Test
  void printsNumbersAsPrintfDoes() {
    assertThat(
            kernel(
                "\"%d %u %x %5d|%-6d|%06d %hhu %lx 100%%\", "
                    + "REC->val, ".repeat(8).replaceAll(", $", "")))
        .isEqualTo("-1024 4294966272 fffffc00 -1024|-1024 |-01024 0 fffffffffffffc00 100%");
    assertThat(kernel("\"%#lx %016lx %lu %c\", REC->pfn, REC->pfn, REC->pfn, 'x'"))
        .isEqualTo("0x70200 0000000000070200 459264 x");
    assertThat(kernel("\"%*d|%-*d|\", 4, 7, 4, 7")).isEqualTo("   7|7   |");
  }

  @Test
  void printsTexts() {
    assertThat(kernel("\"%s %10s|%-10s|%.3s\", REC->comm, REC->comm, __get_str(name), REC->comm"))
        .isEqualTo("gup_test   gup_test|a.txt     |gup");
    assertThat(kernel("\"a\\tb\\n\" \"c\"")).isEqualTo("a\tb\nc");
  }

  @Test
  void evaluatesExpressionsWithTheTypesOfC() {
    assertThat(
            kernel(
                "\"%d:%d\", ((unsigned int) ((REC->dev) >> 20)), "
                    + "((unsigned int) ((REC->dev) & ((1U << 20) - 1)))"))
        .isEqualTo("259:5");
    assertThat(kernel("\"%d %d %d\", REC->val < 0, REC->val / 2, REC->val >> 4"))
        .isEqualTo("1 -512 -64");
    assertThat(kernel("\"%d\", (u8)REC->val + 1 == 1 && !(REC->pfn == 0) || 0")).isEqualTo("1");
    assertThat(kernel("\"%d %d\", 1 + 2 * 3 - 4 % 3, (1 | 6 ^ 2) & ~0")).isEqualTo("6 5");
    assertThat(kernel("\"%d\", REC->val / 0")).isEqualTo("0");
    assertThat(kernel("\"%lu %lx\", sizeof(long), REC->pfns[0] + (REC)->pfn")).isEqualTo("8 70201");
  }

  @Test
  void choosesBetweenTexts() {
    assertThat(kernel("\"%s\", REC->val ? REC->dev ? \"both\" : \"val\" : \"none\""))
        .isEqualTo("both");
  }

  @Test
  void namesFlagsAndValues() {
    assertThat(
            kernel(
                "\"%s\", __print_flags(REC->pfn, \"|\", { 1UL << 9, \"nine\" }, { 0x70000,"
                    + " \"seven\" })"))
        .isEqualTo("nine|seven");
    assertThat(
            kernel("\"%s\", __print_flags(REC->pfn, \"|\", { 1UL << 9, \"nine\" } ,{ 1, \"one\"})"))
        .isEqualTo("nine|0x70000");
    assertThat(
            kernel(
                "\"%s %s\", __print_symbolic(REC->val, { -1024, \"unpin\" }),"
                    + " __print_symbolic(REC->dev, { 1, \"one\" })"))
        .isEqualTo("unpin 0x10300005");
    assertThat(kernel("\"%s\", __print_symbolic(REC->val, { 1, \"one\" }, { -1, ((void *)0) })"))
        .isEqualTo("0xfffffffffffffc00");
  }

  @Test
  void printsArraysAndBytes() {
    assertThat(
            kernel(
                "\"%s\", __print_array(__get_dynamic_array(pfns), __get_dynamic_array_len(pfns) /"
                    + " 8, 8)"))
        .isEqualTo("{0x1,0x70200}");
    assertThat(kernel("\"%s %s\", __print_hex(REC->addr, 4), __print_hex_str(REC->addr, 3)"))
        .isEqualTo("7f 00 00 01 7f0000");
    assertThat(kernel("\"%pI4 %*phN\", REC->addr, 2, REC->addr")).isEqualTo("127.0.0.1 7f00");
  }

  @Test
  void namesFunctions() {
    assertThat(
            kernel(
                "\"%ps %pS %ps\", (void *)REC->caller[0], (void *)REC->caller[0], (void"
                    + " *)REC->caller[1]"))
        .isEqualTo("try_grab_folio try_grab_folio+0x10/0x100 0x0");
    assertThat(traceCmd("\"%ps %pS\", (void *)REC->caller[0], (void *)REC->caller[0]"))
        .isEqualTo("try_grab_folio try_grab_folio+0x10");
  }

  @Test
  void printsPointersAsTheKernelOrAsTraceCmd() {
    String printFmt = "\"%p %p\", REC->mapping, (void *)REC->caller[1]";

    assertThat(kernel(printFmt)).isEqualTo("ff11000208983de0 0000000000000000");
    assertThat(traceCmd(printFmt)).isEqualTo("0xff11000208983de0 (nil)");
  }

  @Test
  void printsTheAlternateFormOfZeroAsTheKernelOrAsTraceCmd() {
    assertThat(kernel("\"%#lx\", REC->caller[1]")).isEqualTo("0x0");
    assertThat(traceCmd("\"%#lx\", REC->caller[1]")).isEqualTo("0");
  }

  @Test
  void onlyTheKernelKnowsTheNamesOfItsEnums() {
    String flags = "\"%s\", __print_flags(REC->val & 0xffff, \"|\", { VM_FAULT_RETRY, \"RETRY\" })";
    String none = "\"%s\", __print_flags(REC->caller[1], \"|\", { VM_FAULT_OOM, \"OOM\" })";

    assertThat(kernel(flags)).isEqualTo("RETRY|0xf800");
    assertThat(traceCmd(flags)).isEqualTo("0xfc00");
    assertThat(kernel(none)).isEmpty();
    assertThat(traceCmd(none)).isEqualTo("OOM");
  }

  @Test
  void fallsBackToTheFieldsWhereAFormatCallsWhatNobodyKnows() {
    assertThat(traceCmd("\"%s\", jiffies_to_msecs(REC->val)"))
        .isEqualTo(
            "[FAILED TO PARSE] pfn=0x70200 val=-1024 dev=271581189 mapping=0xff11000208983de0"
                + " comm=gup_test name=a.txt pfns=ARRAY[01, 00, 00, 00, 00, 00, 00, 00, 00, 02, 07,"
                + " 00, 00, 00, 00, 00] addr=ARRAY[7f, 00, 00, 01]"
                + " caller=ARRAY[10, 00, 00, 81, ff, ff, ff, ff, 00, 00, 00, 00, 00, 00, 00, 00]");
    assertThat(kernel("")).startsWith("[FAILED TO PARSE] pfn=0x70200");
  }

  @Test
  void saysWhyItFellBack() {
    assertThat(PrintFmt.of(format("\"%d %d\", REC->val")).problem())
        .isEqualTo("more conversions than arguments");
    assertThat(PrintFmt.of(format("\"%d\", REC->nothing")).problem()).isEqualTo("no field nothing");
    assertThat(PrintFmt.of(format("\"%d\", REC->val")).problem()).isNull();
  }

  @Test
  void hostileNestingFallsBack() {
    assertThat(PrintFmt.of(format("\"%d\", " + "(".repeat(60_000) + "1")).problem())
        .contains("nested deeper");
    assertThat(PrintFmt.of(format("\"%d\", " + "-".repeat(60_000) + "1")).problem())
        .contains("nested deeper");
    assertThat(PrintFmt.of(format("\"%d\", REC->val" + "+REC->val".repeat(10_000))).problem())
        .contains("nested deeper");
    assertThat(PrintFmt.of(format("\"%d\", REC->val" + "?1:REC->val".repeat(10_000))).problem())
        .contains("nested deeper");
    assertThat(PrintFmt.of(format("\"%d\", 1" + ",1".repeat(100_000))).problem())
        .contains("tokens");
  }

  @Test
  void hostileWidthsStayBounded() {
    assertThat(kernel("\"%999999d\", 1")).hasSize(Conversion.MAX_WIDTH);
    assertThat(kernel("\"%*d\", 0x7fffffff, 1")).hasSize(Conversion.MAX_WIDTH);
    assertThat(kernel("\"%s\", __print_hex(REC->addr, 0x7fffffff)")).isEqualTo("7f 00 00 01");
  }
}
