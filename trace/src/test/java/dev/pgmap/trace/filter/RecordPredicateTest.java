package dev.pgmap.trace.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ring.Words;
import dev.pgmap.trace.testing.SourceBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a filter says of an event it says of the event's record in memory as well. */
class RecordPredicateTest {
  private static final EventFormat FORMAT =
      new EventFormat(
          "test",
          "probe",
          2000,
          EventFormat.commonFields(),
          List.of(
              EventField.of("u64 big", 8, 8, false),
              EventField.of("s64 signed_big", 16, 8, true),
              EventField.of("u32 word", 24, 4, false),
              EventField.of("int val", 28, 4, true),
              EventField.of("u16 half", 32, 2, false),
              EventField.of("s16 signed_half", 34, 2, true),
              EventField.of("u8 octet", 36, 1, false),
              EventField.of("s8 signed_octet", 37, 1, true),
              EventField.of("char name[6]", 38, 6, false),
              EventField.of("__data_loc char[] path", 44, 4, false),
              EventField.of("__rel_loc char[] rel", 48, 4, false)),
          "\"\"");
  private static final int BYTES = 80;

  private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=", "&");
  private static final List<String> PATTERNS =
      List.of("'ab'", "'abc'", "\"a*\"", "'*c'", "'*b*'", "'[!a]*'", "'?b?'", "'!ab*'", "''");

  private static final RecordContext CONTEXT =
      new RecordContext() {
        @Override
        public int cpu() {
          return 3;
        }

        @Override
        public String comm(int pid) {
          return pid == 42 ? "gup_test" : "bash";
        }
      };

  @Test
  void agreesWithTheFilterOfEventsForEveryFieldAndOperator() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      long[] numbers = random.longs(8).map(n -> n >> random.nextInt(64)).toArray();
      List<String> texts = List.of(text(random), text(random), text(random));
      int pid = random.nextBoolean() ? 42 : 7;
      String filter = filter(random, numbers);

      assertThat(onRecord(filter, numbers, texts, pid))
          .as("seed 11, round %d: %s on %s", round, filter, texts)
          .isEqualTo(onEvent(filter, numbers, texts, pid));
    }
  }

  private static String text(Random random) {
    return List.of("", "ab", "abc", "bbc", "xabcx").get(random.nextInt(5));
  }

  private static String filter(Random random, long[] numbers) {
    String filter = term(random, numbers);
    for (int more = random.nextInt(3); more > 0; more--) {
      String next =
          random.nextBoolean() ? term(random, numbers) : "!(" + term(random, numbers) + ")";
      filter = filter + (random.nextBoolean() ? " && " : " || ") + next;
    }
    return filter;
  }

  private static String term(Random random, long[] numbers) {
    int field = random.nextInt(FORMAT.fields().size() + 2);
    if (field == FORMAT.fields().size()) {
      return "cpu" + OPERATORS.get(random.nextInt(6)) + random.nextInt(6);
    }
    if (field > FORMAT.fields().size()) {
      return "comm == 'bash'";
    }
    EventField of = FORMAT.fields().get(field);
    if (of.shape().isText()) {
      String operator = List.of("==", "!=", "~").get(random.nextInt(3));
      return of.name() + operator + PATTERNS.get(random.nextInt(PATTERNS.size()));
    }
    long near = numbers[field] + random.nextInt(3) - 1;
    String value = of.signed() ? Long.toString(near) : "0x" + Long.toHexString(near);
    return of.name() + OPERATORS.get(random.nextInt(OPERATORS.size())) + value;
  }

  private static boolean onEvent(String filter, long[] numbers, List<String> texts, int pid) {
    List<Object> stated = new ArrayList<>();
    for (int i = 0; i < FORMAT.fields().size(); i++) {
      EventField field = FORMAT.fields().get(i);
      stated.add(field.name());
      stated.add(i < numbers.length ? (Object) wrapped(field, numbers[i]) : texts.get(i - 8));
    }
    SourceBuilder builder = new SourceBuilder().format(FORMAT).comm(42, "gup_test").comm(7, "bash");
    try (TraceSource source = builder.event("probe", 3, pid, 1, stated.toArray()).build();
        TraceCursor cursor = source.open()) {
      cursor.next();
      return EventFilter.parse(filter, FORMAT, Symbols.NONE).matches(cursor.event());
    }
  }

  private static long wrapped(EventField field, long value) {
    int unused = 64 - 8 * field.bytes();
    return field.signed() ? value << unused >> unused : value << unused >>> unused;
  }

  private static boolean onRecord(String filter, long[] numbers, List<String> texts, int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment record = arena.allocate(BYTES, 8);
      long address = record.address();
      Words.putInt(address + 4, pid);
      for (int i = 0; i < numbers.length; i++) {
        put(address, FORMAT.fields().get(i), numbers[i]);
      }
      putText(address + 38, texts.get(0));
      putText(address + 52, texts.get(1));
      putText(address + 60, texts.get(2));
      Words.putInt(address + 44, texts.get(1).length() + 1 << 16 | 52);
      Words.putInt(address + 48, texts.get(2).length() + 1 << 16 | 60 - 52);
      return EventFilter.parse(filter, FORMAT, Symbols.NONE).onRecords(CONTEXT).test(address);
    }
  }

  private static void put(long address, EventField field, long value) {
    long at = address + field.offset();
    switch (field.bytes()) {
      case 8 -> Words.putLong(at, value);
      case 4 -> Words.putInt(at, (int) value);
      case 2 -> Words.putShort(at, (int) value);
      default -> Words.putByte(at, (int) value);
    }
  }

  private static void putText(long at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i++) {
      Words.putByte(at + i, bytes[i]);
    }
  }
}
