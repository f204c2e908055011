package dev.pgmap.trace.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PageReaderTest {
  private static final int PAGE = 4096;

  static Stream<Arguments> machines() {
    return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
        .flatMap(order -> Stream.of(Arguments.of(order, 8), Arguments.of(order, 4)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void shortAndLongEventsComeWithTheirStampAndBytes(ByteOrder order, int longBytes) {
    byte[] page =
        new PageBuilder(order, longBytes, PAGE, 1_000)
            .event(0, bytes(4))
            .event(5, bytes(112))
            .longEvent(7, bytes(113))
            .longEvent(1, bytes(4))
            .build();

    assertThat(read(order, longBytes, page))
        .containsExactly("1000 4 lost 0", "1005 112 lost 0", "1012 116 lost 0", "1013 4 lost 0");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void timeExtendsAndAbsoluteStampsMoveTheRunningStamp(ByteOrder order, int longBytes) {
    long start = 3L << 59 | 77;
    byte[] page =
        new PageBuilder(order, longBytes, PAGE, start)
            .header(RingPage.TYPE_TIME_EXTEND, 3)
            .word(2)
            .event(10, bytes(4))
            .header(RingPage.TYPE_TIME_STAMP, 9)
            .word(0xffff_fff0L)
            .event(1, bytes(4))
            .build();

    assertThat(read(order, longBytes, page))
        .containsExactly(
            start + (2L << 27) + 3 + 10 + " 4 lost 0",
            (3L << 59 | 0xffff_fff0L << 27) + 9 + 1 + " 4 lost 0");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void discardedEventsAreSkippedAndTheirDeltasCount(ByteOrder order, int longBytes) {
    byte[] page =
        new PageBuilder(order, longBytes, PAGE, 100)
            .header(RingPage.TYPE_PADDING, 20)
            .word(8)
            .word(0xdead)
            .event(1, bytes(4))
            .header(RingPage.TYPE_PADDING, 1)
            .word(4)
            .event(2, bytes(8))
            .build();

    assertThat(read(order, longBytes, page)).containsExactly("121 4 lost 0", "124 8 lost 0");
  }

  @Test
  void paddingWithoutADeltaEndsThePage() {
    byte[] page =
        new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, PAGE, 100)
            .event(0, bytes(4))
            .header(RingPage.TYPE_PADDING, 0)
            .word(4)
            .event(0, bytes(4))
            .build();

    assertThat(read(ByteOrder.LITTLE_ENDIAN, 8, page)).containsExactly("100 4 lost 0");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void whatWasLostIsToldOfTheFirstEventOnly(ByteOrder order, int longBytes) {
    PageBuilder builder =
        new PageBuilder(order, longBytes, PAGE, 100)
            .event(0, bytes(4))
            .event(0, bytes(4))
            .commitFlags(RingPage.MISSED_EVENTS | RingPage.MISSED_STORED);

    assertThat(read(order, longBytes, builder.buildWithLong(42)))
        .containsExactly("100 4 lost 42", "100 4 lost 0");
  }

  @Test
  void lossWithoutANumberIsUncounted() {
    PageBuilder builder =
        new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, PAGE, 100)
            .event(0, bytes(4))
            .commitFlags(RingPage.MISSED_EVENTS);

    assertThat(read(ByteOrder.LITTLE_ENDIAN, 8, builder.build()))
        .containsExactly("100 4 lost " + TraceEvent.LOST_UNCOUNTED);
  }

  @Test
  void aFullPageHasNoRoomForTheNumberLost() {
    PageBuilder builder =
        new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, 24, 100)
            .event(0, bytes(4))
            .commitFlags(RingPage.MISSED_EVENTS | RingPage.MISSED_STORED);

    assertThat(read(ByteOrder.LITTLE_ENDIAN, 8, builder.build()))
        .containsExactly("100 4 lost " + TraceEvent.LOST_UNCOUNTED);
  }

  @Test
  void anEmptyPageHasNoEventsButMayTellALoss() {
    byte[] page =
        new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, PAGE, 100)
            .commitFlags(RingPage.MISSED_EVENTS)
            .build();
    PageReader reader = reader(ByteOrder.LITTLE_ENDIAN, 8);
    reader.begin(MemorySegment.ofArray(page), 0, PAGE, 0);

    assertThat(reader.next()).isFalse();
    assertThat(reader.lost()).isEqualTo(TraceEvent.LOST_UNCOUNTED);
  }

  @Test
  void damageIsToldWithItsOffsetInTheSource() {
    assertDamaged(page().commitBytes(5000), 0x10008, "5000 bytes used", "at most 4080");
    assertDamaged(page().event(0, bytes(4)).commitBytes(6), 0x10010, "an event of 8", "6 that");
    assertDamaged(page().header(28, 0).commitBytes(8), 0x10010, "an event of 116", "8 that");
    assertDamaged(page().header(0, 0).word(4), 0x10014, "an event of 4", "5 to the 4");
    assertDamaged(page().header(0, 0).word(0xffff_ffffL), 0x10014, "4294967295", "5 to the 4");
    assertDamaged(page().header(0, 0), 0x10010, "the length of an event", "4 that");
    assertDamaged(
        page().header(RingPage.TYPE_TIME_EXTEND, 0), 0x10010, "a time stamp of 8", "4 that");
    assertDamaged(page().word(0).commitBytes(2), 0x10010, "an event header of 4", "2 that");
  }

  @Test
  void aPageThatIsCutWithinItsHeaderIsDamaged() {
    PageReader reader = reader(ByteOrder.LITTLE_ENDIAN, 8);

    assertThatThrownBy(() -> reader.begin(MemorySegment.ofArray(new byte[15]), 0, 15, 64))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a.dat at offset 64 (0x40): a page of 15 bytes")
        .hasMessageContaining("at least 16");
  }

  /** The memory is the page and not a byte more, so that any read outside of it throws. */
  @ParameterizedTest
  @MethodSource("machines")
  void whateverThePageHoldsNothingOutsideOfItIsRead(ByteOrder order, int longBytes) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] page = new byte[16 + random.nextInt(80)];
      random.nextBytes(page);
      int used = random.nextInt(page.length);
      MemorySegment memory = MemorySegment.ofArray(page);
      ValueLayout.OfInt word = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
      boolean bigLong = longBytes == 8 && order == ByteOrder.BIG_ENDIAN;
      memory.set(word, bigLong ? 12 : 8, used | random.nextInt(4) << 30);
      try {
        read(order, longBytes, page);
      } catch (TraceException damaged) {
        assertThat(damaged).hasMessageContaining("a.dat at offset");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
  }

  @Test
  void aPageThatEndsAtTheEndOfNativeMemoryIsReadWhole() {
    byte[] page = new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, 24, 100).event(0, bytes(4)).build();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(24).copyFrom(MemorySegment.ofArray(page));
      PageReader reader = reader(ByteOrder.LITTLE_ENDIAN, 8);

      assertThatCode(
              () -> {
                reader.begin(memory, 0, 24, 0);
                assertThat(reader.next()).isTrue();
                assertThat(reader.next()).isFalse();
              })
          .doesNotThrowAnyException();
    }
  }

  private static PageBuilder page() {
    return new PageBuilder(ByteOrder.LITTLE_ENDIAN, 8, PAGE, 100);
  }

  private static void assertDamaged(PageBuilder page, long offset, String found, String expected) {
    MemorySegment memory = MemorySegment.ofArray(page.build());
    PageReader reader = reader(ByteOrder.LITTLE_ENDIAN, 8);

    assertThatThrownBy(
            () -> {
              reader.begin(memory, 0, PAGE, 0x10000);
              reader.next();
            })
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a.dat at offset %d (0x%x): ".formatted(offset, offset))
        .hasMessageContaining(found)
        .hasMessageContaining(expected);
  }

  private static PageReader reader(ByteOrder order, int longBytes) {
    return new PageReader(new OrderedWords(order), longBytes, "a.dat");
  }

  private static List<String> read(ByteOrder order, int longBytes, byte[] page) {
    List<String> events = new ArrayList<>();
    PageReader reader = reader(order, longBytes);
    reader.begin(MemorySegment.ofArray(page), 0, page.length, 0);
    while (reader.next()) {
      assertThat(reader.recordOffset() + reader.recordBytes()).isLessThanOrEqualTo(page.length);
      events.add(reader.timestamp() + " " + reader.recordBytes() + " lost " + reader.lost());
    }
    return events;
  }

  private static byte[] bytes(int count) {
    return new byte[count];
  }
}
