package dev.pgmap.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.RecordShape;
import dev.pgmap.trace.ring.RecordView;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of real kernels, printed as the kernel printed them and as trace-cmd report did. */
class RecordedEventsTest {
  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void printsRealRecordsAsTheKernelAndTraceCmdDid(String kernel) {
    EventTable formats = new EventTable(RecordedFormats.of(kernel));
    List<String> lines = RecordedFormats.lines("kernel-%s-events.txt.gz".formatted(kernel));
    assertThat(lines).hasSizeGreaterThan(50);

    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.split("\t", -1);
      EventFormat format = Objects.requireNonNull(formats.byName(columns[0]));
      assertThat(print(format, columns[1], Style.TRACE_CMD)).as(line).isEqualTo(columns[2]);
      assertThat(print(format, columns[1], Style.KERNEL)).as(line).isEqualTo(columns[3]);
    }
  }

  private static String print(EventFormat format, String record, Style style) {
    byte[] bytes = HexFormat.of().parseHex(record);
    RecordView view = new RecordView(new OrderedWords(ByteOrder.LITTLE_ENDIAN), pid -> "task");
    view.show(new RecordShape(format), MemorySegment.ofArray(bytes), 0, bytes.length);
    StringBuilder out = new StringBuilder();
    PrintFmt.of(format, style).print(view, Symbols.NONE, out);
    return out.toString();
  }
}
