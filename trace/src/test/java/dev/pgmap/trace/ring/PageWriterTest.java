package dev.pgmap.trace.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PageWriterTest {
  private static final int PAGE_BYTES = 4096;

  private final byte[] bytes = new byte[PAGE_BYTES];
  private final ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final PageWriter writer = new PageWriter(MemorySegment.ofArray(bytes));

  private static MemorySegment record(int length) {
    byte[] record = new byte[length + 8];
    for (int i = 0; i < length; i++) {
      record[i] = (byte) (i + 1);
    }
    return MemorySegment.ofArray(record);
  }

  @Test
  void theFirstEventGivesThePageItsStampAndTheNextTellsTheDistance() {
    writer.begin(0);
    assertThat(writer.add(1_000, record(8), 8)).isTrue();
    assertThat(writer.add(1_017, record(6), 6)).isTrue();
    writer.finish();

    assertThat(page.getLong(0)).isEqualTo(1_000);
    assertThat(page.getLong(8)).isEqualTo(24);
    assertThat(page.getInt(16)).isEqualTo(2);
    assertThat(page.getInt(28)).isEqualTo(17 << 5 | 2);
    assertThat(bytes[37]).isEqualTo((byte) 6);
    assertThat(page.getShort(38)).as("padding").isZero();
  }

  @Test
  void aLongDistanceIsATimeExtend() {
    long distance = (5L << 27) + 3;
    writer.begin(0);
    writer.add(1_000, record(4), 4);
    writer.add(1_000 + distance, record(4), 4);
    writer.finish();

    assertThat(page.getInt(24)).isEqualTo(3 << 5 | 30);
    assertThat(page.getInt(28)).isEqualTo(5);
    assertThat(page.getInt(32)).as("the event itself").isEqualTo(1);
    assertThat(page.getLong(8)).isEqualTo(24);
  }

  @Test
  void theLongestDistanceWithoutATimeExtendIsOneLess() {
    writer.begin(0);
    writer.add(0, record(4), 4);
    writer.add((1L << 27) - 1, record(4), 4);
    writer.finish();

    assertThat(page.getInt(24)).isEqualTo(0x7ffffff << 5 | 1);
    assertThat(page.getLong(8)).isEqualTo(16);
  }

  @Test
  void aPayloadOfMoreThan28WordsHasAWordForItsLength() {
    writer.begin(0);
    writer.add(0, record(112), 112);
    writer.add(0, record(113), 113);
    writer.finish();

    assertThat(page.getInt(16)).isEqualTo(28);
    assertThat(page.getInt(132)).isZero();
    assertThat(page.getInt(136)).isEqualTo(116 + 4);
    assertThat(page.getLong(8)).isEqualTo(4 + 112 + 8 + 116);
  }

  @Test
  void lostEventsAreCountedBehindTheLastRecord() {
    writer.begin(42);
    writer.add(0, record(4), 4);
    writer.finish();

    assertThat(page.getLong(8)).isEqualTo(8 | 1L << 31 | 1L << 30);
    assertThat(page.getLong(24)).isEqualTo(42);
  }

  @Test
  void lossesThatNobodyCountedAreOnlyMarked() {
    writer.begin(PageWriter.LOST_UNCOUNTED);
    writer.add(0, record(4), 4);
    writer.finish();

    assertThat(page.getLong(8)).isEqualTo(8 | 1L << 31);
    assertThat(page.getLong(24)).isZero();
  }

  @Test
  void aPageThatIsFullRefusesAndTheNextOneTakesTheEvent() {
    writer.begin(0);
    int fit = 0;
    while (writer.add(fit, record(48), 48)) {
      fit++;
    }
    writer.finish();

    assertThat(fit).isEqualTo((PAGE_BYTES - 16) / 52);
    assertThat(page.getLong(8)).isEqualTo(fit * 52L);
    writer.begin(0);
    assertThat(writer.add(fit, record(48), 48)).isTrue();
    writer.finish();
    assertThat(page.getLong(0)).isEqualTo(fit);
    assertThat(page.getLong(8)).isEqualTo(52);
    assertThat(page.getLong(16 + 52)).as("what the page before had there").isZero();
  }

  @Test
  void theLongestRecordFitsEvenBehindALoss() {
    int longest = PageWriter.longestRecord(PAGE_BYTES);
    writer.begin(7);

    assertThat(writer.add(0, record(longest), longest)).isTrue();
    writer.finish();

    assertThat(page.getLong(PAGE_BYTES - 8)).isEqualTo(7);
  }

  @Test
  void timeThatGoesBackNeedsANewPage() {
    writer.begin(0);
    writer.add(100, record(4), 4);

    assertThat(writer.add(99, record(4), 4)).isFalse();
  }
}
