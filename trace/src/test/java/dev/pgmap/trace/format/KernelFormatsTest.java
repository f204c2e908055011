package dev.pgmap.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog against what real kernels state of the same events. */
class KernelFormatsTest {
  private static final int ID = 3000;

  /** The bits of our page flags that kernels from 6.12 on give the same names. */
  private static final long COMMON_FLAGS = PageFlag.UNEVICTABLE.bit() * 2 - 1;

  private static KernelFormats formats(String kernel) {
    return new KernelFormats(KernelSeries.of(kernel));
  }

  private static List<EventFormat> ours(String kernel) {
    List<EventFormat> all = new ArrayList<>(formats(kernel).ftrace());
    all.addAll(formats(kernel).all(ID));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void hasTheEventsOfTheKernelWithTheSameFields(String kernel) {
    assertThat(ours(kernel).stream().collect(Collectors.toMap(EventFormat::fullName, this::layout)))
        .isEqualTo(
            RecordedFormats.of(kernel).stream()
                .collect(Collectors.toMap(EventFormat::fullName, this::layout)));
  }

  /** Whether an array of chars is signed changed between kernels, and means nothing. */
  private List<String> layout(EventFormat format) {
    List<EventField> all = new ArrayList<>(format.common());
    all.addAll(format.fields());
    return all.stream()
        .map(EventField::line)
        .map(line -> line.contains("char buf[]") ? line.replace("signed:1", "signed:0") : line)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void printsWhatTheKernelPrints(String kernel) {
    for (EventFormat real : RecordedFormats.of(kernel)) {
      EventFormat ours = find(kernel, real.fullName());
      boolean bitsDiffer = real.system().equals("page_ref") && !kernel.startsWith("7");
      Random random = new Random(7);
      for (int round = 0; round < 10; round++) {
        long[] values = values(real, random, bitsDiffer);
        assertThat(print(ours, values)).as("%s %s", kernel, ours).isEqualTo(print(real, values));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void listsPageFlagsInTheKernelsOrder(String kernel) {
    List<String> notOurs = List.of("error", "slab", "mappedtodisk", "arch_2");
    List<String> notBuiltIn = List.of("idle", "young");
    Function<EventFormat, List<String>> names =
        format ->
            Pattern.compile("\"(\\w+)\" ?}")
                .matcher(format.printFmt())
                .results()
                .map(match -> match.group(1))
                .filter(name -> !notOurs.contains(name) && !notBuiltIn.contains(name))
                .toList();
    EventFormat real =
        RecordedFormats.of(kernel).stream()
            .filter(format -> format.name().equals("page_ref_mod"))
            .findFirst()
            .orElseThrow();

    assertThat(names.apply(find(kernel, "page_ref:page_ref_mod"))).isEqualTo(names.apply(real));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void decodesOurPageFlagsInEveryStyle(String kernel) {
    EventFormat format = find(kernel, "page_ref:page_ref_set");
    long flags = PageFlag.RESERVED.bit() | PageFlag.HEAD.bit() | PageFlag.HWPOISON.bit();

    for (Style style : Style.values()) {
      assertThat(print(format, new long[] {0x70200, flags, 1, -1, 0, 1, 1}, style))
          .startsWith("pfn=0x70200 flags=reserved|head|hwpoison count=1 mapcount=-1");
      assertThat(print(format, new long[] {0x70200, 0, 1, -1, 0, 1, 1}, style))
          .startsWith("pfn=0x70200 flags=none count=1");
    }
  }

  @Test
  void fieldsAreWhereTheKernelHasThem() {
    assertThat(find("7.2", "page_ref:page_ref_mod_unless").fields())
        .extracting(EventField::offset)
        .containsExactly(8, 16, 24, 28, 32, 40, 44, 48);
  }

  @Test
  void ftracesOwnEventsHaveTheirFixedIds() {
    assertThat(formats("7.2").ftrace())
        .extracting(format -> format.id() + " " + format.name())
        .containsExactly(
            "1 function", "4 kernel_stack", "5 print", "10 funcgraph_exit", "11 funcgraph_entry");
  }

  @Test
  void everyReleaseBelongsToASeries() {
    assertThat(KernelSeries.of("5.4")).isEqualTo(KernelSeries.V5_10);
    assertThat(KernelSeries.of("5.17")).isEqualTo(KernelSeries.V5_10);
    assertThat(KernelSeries.of("6.1.192")).isEqualTo(KernelSeries.V6_1);
    assertThat(KernelSeries.of("6.15-rc1")).isEqualTo(KernelSeries.V6_12);
    assertThat(KernelSeries.of("7.2.13")).isEqualTo(KernelSeries.V7_2);
    assertThatThrownBy(() -> KernelSeries.of("seven"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernel release 'seven': expected such as 6.12");
  }

  @Test
  void anEventThatTheSeriesDoesNotHaveIsRefused() {
    assertThat(formats("7.2").has("fs_dax", "dax_insert_mapping")).isFalse();
    assertThatThrownBy(() -> formats("7.2").format("fs_dax", "dax_insert_mapping", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event fs_dax:dax_insert_mapping: kernel series V7_2 has none");
  }

  @Test
  void memoryFailureTypesAreThoseOfTheSeries() {
    assertThat(formats("5.10").memoryFailureTypes().indexOf("dax page")).isEqualTo(20);
    assertThat(formats("6.12").memoryFailureTypes().indexOf("dax page")).isEqualTo(17);
    assertThat(formats("6.12").memoryFailureResults().indexOf("Recovered")).isEqualTo(3);
  }

  @Test
  void headersAreTheKernels() {
    assertThat(KernelFormats.headerPage(4096))
        .contains("\tfield: char data;\toffset:16;\tsize:4080;");
    assertThat(KernelFormats.headerEvent())
        .hasLineCount(9)
        .contains("\tdata max type_len  == 28\n");
  }

  private static EventFormat find(String kernel, String name) {
    return ours(kernel).stream()
        .filter(format -> format.fullName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long[] values(EventFormat format, Random random, boolean pageFlagsDiffer) {
    long[] values = new long[format.fields().size()];
    for (int i = 0; i < values.length; i++) {
      EventField field = format.fields().get(i);
      long value = random.nextLong() >>> random.nextInt(64);
      values[i] = new CType(8 * Math.clamp(field.bytes(), 1, 8), field.signed()).wrap(value);
      if (format.system().equals("page_ref") && field.name().equals("flags")) {
        values[i] = pageFlagsDiffer ? 0 : value & COMMON_FLAGS;
      }
      if (field.name().equals("mode") || field.name().equals("type")) {
        values[i] = value & 0x1f;
      }
    }
    return values;
  }

  private static String print(EventFormat format, long[] values) {
    return print(format, values, Style.KERNEL);
  }

  private static String print(EventFormat format, long[] values, Style style) {
    List<Object> stated = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      EventField field = format.fields().get(i);
      stated.add(field.name());
      stated.add(
          switch (field.shape()) {
            case NUMBER -> values[i];
            case TEXT -> "text";
            default -> new long[] {values[i], 2, 3, 4, 5, 6, 7, 8};
          });
    }
    StringBuilder out = new StringBuilder();
    SourceBuilder builder = new SourceBuilder().format(format);
    try (TraceSource source = builder.event(format.fullName(), 0, 1, 1, stated.toArray()).build();
        TraceCursor cursor = source.open()) {
      cursor.next();
      PrintFmt.of(format, style).print(cursor.event(), Symbols.NONE, out);
    }
    return out.toString();
  }
}
