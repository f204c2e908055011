package dev.pgmap.trace.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.testing.TestFormats;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordViewTest {
  private static final EventFormat MIXED =
      new EventFormat(
          "test",
          "mixed",
          7,
          EventFormat.commonFields(),
          List.of(
              EventField.of("s8 tiny", 8, 1, true),
              EventField.of("u16 small[2]", 10, 4, false),
              EventField.of("__data_loc char[] name", 16, 4, false),
              EventField.of("__rel_loc u16[] more", 20, 4, false),
              EventField.of("char comm[4]", 24, 4, false),
              EventField.of("s64 large", 32, 8, true)),
          "");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fieldsOfEveryShapeAreReadInEitherByteOrder(boolean big) {
    ByteBuffer record = record(big, MIXED, 56);
    record.put(8, (byte) -3);
    record.putShort(10, (short) 0xfffe).putShort(12, (short) 5);
    record.putInt(16, 40 | 6 << 16);
    record.putInt(20, 46 - 24 | 4 << 16);
    record.put(24, "four".getBytes(StandardCharsets.UTF_8));
    record.putLong(32, -9L);
    record.put(40, "héy".getBytes(StandardCharsets.UTF_8));
    record.putShort(46, (short) 11).putShort(48, (short) 0x8000);
    RecordView view = view(big, MIXED, record);

    assertThat(view.number(field("tiny"))).isEqualTo(-3);
    assertThat(view.number(field("large"))).isEqualTo(-9);
    assertThat(elements(view, field("small"))).containsExactly(0xfffeL, 5L);
    assertThat(view.number(field("small"))).isEqualTo(0xfffe);
    assertThat(view.text(field("name"))).isEqualTo("héy");
    assertThat(elements(view, field("more"))).containsExactly(11L, 0x8000L);
    assertThat(view.text(field("comm"))).isEqualTo("four");
    assertThat(view.length(field("comm"))).isEqualTo(4);
    assertThat(view.length(field("tiny"))).isEqualTo(1);
  }

  @Test
  void theCommonFieldsAndTheTaskAreTold() {
    ByteBuffer record = record(false, MIXED, 40);
    record.put(2, (byte) 5).put(3, (byte) 0x12).putInt(4, 42);
    RecordView view = view(false, MIXED, record);
    view.happened(1234, 3, 17, "bad-run");

    assertThat(view.pid()).isEqualTo(42);
    assertThat(view.comm()).isEqualTo("gup_test");
    assertThat(view.flags()).isEqualTo(5);
    assertThat(view.preemptCount()).isEqualTo(0x12);
    assertThat(view.timestamp()).isEqualTo(1234);
    assertThat(view.cpu()).isEqualTo(3);
    assertThat(view.lost()).isEqualTo(17);
    assertThat(view.buffer()).isEqualTo("bad-run");
  }

  @Test
  void aStackHasAsManyFramesAsItSaysAndHolds() {
    EventFormat stack =
        TestFormats.all().stream()
            .filter(format -> format.name().equals("kernel_stack"))
            .findFirst()
            .orElseThrow();
    EventField callers = Objects.requireNonNull(stack.field("caller"));
    ByteBuffer ten = record(false, stack, 16 + 10 * 8);
    ten.putInt(8, 10);
    LongStream.range(0, 10).forEach(i -> ten.putLong(16 + (int) i * 8, 100 + i));
    ByteBuffer ended = record(false, stack, 16 + 8 * 8);
    ended.putLong(16, 100).putLong(24, -1);

    assertThat(elements(view(false, stack, ten), callers))
        .containsExactlyElementsOf(LongStream.range(100, 110).boxed().toList());
    ten.putInt(8, 3);
    assertThat(view(false, stack, ten).length(callers)).isEqualTo(3);
    ten.putInt(8, 1 << 30);
    assertThat(view(false, stack, ten).length(callers)).isEqualTo(10);
    assertThat(elements(view(false, stack, ended), callers)).containsExactly(100L);
  }

  @Test
  void aTextWithoutASizeGoesOnToTheRecordsEnd() {
    EventFormat print =
        new EventFormat(
            "ftrace",
            "print",
            5,
            EventFormat.commonFields(),
            List.of(
                EventField.of("unsigned long ip", 8, 8, false),
                EventField.of("char buf[]", 16, 0, false)),
            "");
    EventField buf = Objects.requireNonNull(print.field("buf"));
    ByteBuffer record = record(false, print, 24);
    record.put(16, "marker!".getBytes(StandardCharsets.UTF_8));

    assertThat(view(false, print, record).text(buf)).isEqualTo("marker!");
    record.put(23, (byte) '!');
    assertThat(view(false, print, record).text(buf)).isEqualTo("marker!!");
  }

  @Test
  void whatPointsOutOfTheRecordIsCutAtItsEnd() {
    ByteBuffer record = record(false, MIXED, 40);
    record.putInt(16, 38 | 0xffff << 16).put(38, (byte) 'a').put(39, (byte) 'b');
    record.putInt(20, 0xffff | 0xffff << 16);
    RecordView view = view(false, MIXED, record);

    assertThat(view.text(field("name"))).isEqualTo("ab");
    assertThat(view.length(field("more"))).isZero();
    assertThatThrownBy(() -> view.element(field("more"), 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("field more: element 0 of 0");
  }

  @Test
  void aFieldOfAnotherEventOrOfTheWrongKindIsRefused() {
    RecordView view = view(false, MIXED, record(false, MIXED, 40));
    EventField foreign = EventField.of("int foreign", 8, 4, true);

    assertThatThrownBy(() -> view.number(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("field foreign: is not of this event, which is test:mixed");
    assertThatThrownBy(() -> view.text(field("tiny")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no text");
    assertThatThrownBy(() -> view.number(field("name")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a text");
  }

  @Test
  void anEventWithoutAFormatIsShownByItsNumber() {
    OrderedWords words = new OrderedWords(ByteOrder.LITTLE_ENDIAN);
    RecordShapes shapes = new RecordShapes(new EventTable(TestFormats.all()), words);
    ByteBuffer record = record(false, MIXED, 8);
    record.putShort(0, (short) 0xfff0);
    MemorySegment memory = MemorySegment.ofArray(record.array());

    RecordShape shape = shapes.at(memory, 0);

    assertThat(shape.format()).hasToString("unknown:event_65520");
    assertThat(shape.format().field("common_pid")).isNotNull();
    assertThat(shapes.at(memory, 0)).isSameAs(shape);
  }

  private static ByteBuffer record(boolean big, EventFormat format, int bytes) {
    return ByteBuffer.allocate(bytes)
        .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
        .putShort(0, (short) format.id());
  }

  private static RecordView view(boolean big, EventFormat format, ByteBuffer record) {
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    RecordView view =
        new RecordView(new OrderedWords(order), new Comms(Map.of(42, "gup_test"))::of);
    RecordShape shape = new RecordShape(format);
    assertThat(record.capacity()).isGreaterThanOrEqualTo(shape.leastBytes());
    view.show(shape, MemorySegment.ofArray(record.array()), 0, record.capacity());
    return view;
  }

  private static EventField field(String name) {
    return Objects.requireNonNull(MIXED.field(name));
  }

  private static List<Long> elements(RecordView view, EventField field) {
    return LongStream.range(0, view.length(field))
        .mapToObj(i -> view.element(field, (int) i))
        .toList();
  }
}
