package dev.pgmap.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.RecordShape;
import dev.pgmap.trace.ring.RecordView;
import dev.pgmap.trace.testing.TextMutator;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged formats are refused or printed somehow, and records of any bytes with them. */
@Timeout(120)
class HostileFormatTest {
  private static final List<String> TOKENS =
      List.of(
          "REC->",
          "REC->flags",
          "__print_flags(",
          "__print_symbolic(REC->type, {1,\"a\"}",
          "__get_str(name)",
          "__get_dynamic_array(buf)",
          "__print_array(REC->caller, 9, 8)",
          "sizeof(long)",
          "(u8)",
          "%*.*s",
          "%p",
          "%pIS",
          "%pM",
          "%ps",
          "((void *)0)",
          " ? 1 : ",
          "field:char x[99999999];\toffset:8;\tsize:8;\tsigned:1;\n",
          "__data_loc char[] name",
          "offset:4294967295;",
          "0x7fffffffffffffff",
          "18446744073709551616",
          "1 << 64",
          "/ 0");

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(RecordedFormats.texts("5.10"));
    texts.addAll(RecordedFormats.texts("7.2"));
    return texts.stream().map(text -> text.substring(text.indexOf('\n') + 1)).toList();
  }

  @Test
  void damagedFormatsAndRecordsDoNoHarm() {
    Random random = new Random(3);

    int taken =
        new TextMutator(3, TOKENS)
            .feed(
                texts(),
                20_000,
                text -> {
                  EventFormat format = FormatParser.parse("system", text, "damaged");
                  byte[] record = new byte[random.nextInt(200)];
                  random.nextBytes(record);
                  for (Style style : Style.values()) {
                    print(format, record, style);
                  }
                });
    assertThat(taken).isBetween(1000, 19_000);
  }

  private static void print(EventFormat format, byte[] record, Style style) {
    RecordShape shape = new RecordShape(format);
    byte[] bytes = Arrays.copyOf(record, Math.max(record.length, shape.leastBytes()));
    RecordView view = new RecordView(new OrderedWords(ByteOrder.LITTLE_ENDIAN), pid -> "task");
    view.show(shape, MemorySegment.ofArray(bytes), 0, bytes.length);
    StringBuilder out = new StringBuilder();
    PrintFmt.of(format, style).print(view, Symbols.NONE, out);
    assertThat(out).hasSizeLessThan(1 << 24);
  }
}
