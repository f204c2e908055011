package dev.pgmap.trace.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.testing.SourceBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {
  private static EventFormat format(EventField... fields) {
    return new EventFormat(
        "made", "made", 2000, EventFormat.commonFields(), List.of(fields), "\"\"");
  }

  private static List<ByteBuffer> records(SourceBuilder builder) {
    RecordEncoder encoder = new RecordEncoder(EventFormat::id);
    List<ByteBuffer> records = new ArrayList<>();
    try (TraceCursor cursor = builder.build().open()) {
      while (cursor.next()) {
        int bytes = encoder.encode(cursor.event());
        byte[] copy = Arrays.copyOf(encoder.array(), bytes);
        records.add(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return records;
  }

  private static ByteBuffer record(SourceBuilder builder) {
    return records(builder).getLast();
  }

  @Test
  void commonFieldsAndNumbersStandWhereTheFormatSays() {
    ByteBuffer record =
        record(
            new SourceBuilder()
                .event("page_ref_mod_unless", 0, 42, 1, "pfn", 0x70200, "val", -5, "ret", 1)
                .flags(0x05, 0x12));

    assertThat(record.capacity()).isEqualTo(52);
    assertThat(record.getShort(0)).isEqualTo((short) 1005);
    assertThat(record.get(2)).isEqualTo((byte) 5);
    assertThat(record.get(3)).isEqualTo((byte) 0x12);
    assertThat(record.getInt(4)).isEqualTo(42);
    assertThat(record.getLong(8)).isEqualTo(0x70200);
    assertThat(record.getInt(44)).isEqualTo(-5);
    assertThat(record.getInt(48)).isEqualTo(1);
  }

  @Test
  void textsAndArraysOfStatedSizeAreCutToIt() {
    EventFormat format =
        format(
            EventField.of("char comm[4]", 8, 4, false),
            EventField.of("u16 parts[3]", 12, 6, false));
    ByteBuffer record =
        record(
            new SourceBuilder()
                .format(format)
                .event("made", 0, 1, 1, "comm", "abcdef", "parts", new long[] {1, 2, 3, 4}));

    assertThat(record.capacity()).isEqualTo(18);
    assertThat(record.getInt(8)).isEqualTo('a' | 'b' << 8 | 'c' << 16 | 'd' << 24);
    assertThat(record.getShort(16)).isEqualTo((short) 3);
  }

  @Test
  void textsBehindTheFieldsArePointedAt() {
    EventFormat format =
        format(
            EventField.of("__data_loc char[] dev", 8, 4, false),
            EventField.of("__rel_loc char[] kind", 12, 4, false),
            EventField.of("__data_loc u32[] parts", 16, 4, false));
    ByteBuffer record =
        record(
            new SourceBuilder()
                .format(format)
                .event("made", 0, 1, 1, "dev", "dax0.0", "kind", "pm", "parts", new long[] {7, 8}));

    assertThat(record.getInt(8)).isEqualTo(7 << 16 | 20);
    assertThat(record.getInt(12)).isEqualTo(3 << 16 | 27 - 16);
    assertThat(record.getInt(16)).isEqualTo(8 << 16 | 30);
    assertThat(record.get(20)).isEqualTo((byte) 'd');
    assertThat(record.get(26)).isZero();
    assertThat(record.get(27)).isEqualTo((byte) 'p');
    assertThat(record.getInt(34)).isEqualTo(8);
    assertThat(record.capacity()).isEqualTo(38);
  }

  @Test
  void aTextWithoutASizeTakesWhatItNeedsAndItsEnd() {
    ByteBuffer record =
        record(new SourceBuilder().event("print", 0, 1, 1, "buf", "x".repeat(9_000)));

    assertThat(record.capacity()).isEqualTo(16 + 9_001);
    assertThat(record.get(9_015)).isEqualTo((byte) 'x');
    assertThat(record.get(9_016)).isZero();
  }

  @Test
  void aShortStackIsEndedAndFilledUpToEightFunctions() {
    ByteBuffer record =
        record(new SourceBuilder().event("page_ref_mod", 0, 1, 1).stack("inner", "outer"));

    assertThat(record.capacity()).isEqualTo(80);
    assertThat(record.getInt(8)).isEqualTo(2);
    assertThat(record.getLong(24)).isEqualTo(SourceBuilder.FIRST_FUNCTION + 0x100);
    assertThat(record.getLong(32)).isEqualTo(-1);
    assertThat(record.getLong(40)).isZero();
  }

  @Test
  void aDeepStackTakesTheRoomItNeeds() {
    String[] names = new String[20];
    Arrays.setAll(names, i -> "f" + i);
    ByteBuffer record = record(new SourceBuilder().event("page_ref_mod", 0, 1, 1).stack(names));

    assertThat(record.capacity()).isEqualTo(16 + 20 * 8);
    assertThat(record.getLong(16 + 19 * 8)).isEqualTo(SourceBuilder.FIRST_FUNCTION + 19 * 0x100);
  }

  @Test
  void nothingOfALongRecordIsLeftInTheNextOne() {
    List<ByteBuffer> records =
        records(
            new SourceBuilder()
                .event("print", 0, 1, 1, "buf", "x".repeat(200))
                .event("page_ref_mod", 0, 1, 2));

    assertThat(records.getLast().getLong(8)).isZero();
    assertThat(records.getLast().getLong(40)).isZero();
  }
}
