package dev.pgmap.core.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.testing.Crew;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageRefsTest {
  private static final int NR_PAGES = 64;
  private static final long PFN = 0x70200;

  private final Arena arena = Arena.ofShared();
  private final long rec = arena.allocate(NR_PAGES * PageLayout.RECORD_BYTES, 4096).address();
  private final RecordingPageRefs refs = new RecordingPageRefs();
  private final PageRefs plain = new PageRefs();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void setMakesTheCountThatAKernelShows() {
    refs.set(PFN, rec, 1, true);
    assertThat(refs.word(rec)).isEqualTo(RefWord.of(true, 0));
    refs.set(PFN, rec, 0, false);
    assertThat(refs.word(rec)).isZero();
    refs.set(PFN, rec, 1, false);
    assertThat(refs.word(rec)).isEqualTo(RefWord.of(false, 1));
    refs.set(PFN, rec, 3, true);
    assertThat(refs.word(rec)).isEqualTo(RefWord.of(true, 2));
    assertThat(refs.sequences().of(PFN))
        .isEqualTo("set(+1)->1 ; set(+0)->0 ; set(+1)->1 ; set(+3)->3");
  }

  /** The 7.2 recording of a fast pin of 4 KiB device-dax pages. */
  @Test
  void aFastPinOfABasePageCountsAsInTheRecordings() {
    plain.set(PFN, rec, 1, true);
    refs.mod(PFN, rec, 1);
    assertThat(refs.modUnless(PFN, rec, 1)).isTrue();
    refs.mod(PFN, rec, 1023);
    assertThat(refs.modAndTest(PFN, rec, -1024)).isFalse();
    assertThat(refs.modAndTest(PFN, rec, -1)).isFalse();
    assertThat(refs.sequences().of(PFN))
        .isEqualTo(
            "mod(+1)->2 ; mod_unless(+1)->3 ret=1 ; mod(+1023)->1026 ;"
                + " mod_and_test(-1024)->2 ret=0 ; mod_and_test(-1)->1 ret=0");
  }

  @Test
  void repeatedEventsAreOneWithANumber() {
    plain.set(PFN, rec, 1, true);
    for (int i = 0; i < 512; i++) {
      refs.modUnless(PFN, rec, 1);
    }
    refs.modAndTest(PFN, rec, -512);
    assertThat(refs.sequences().groups())
        .containsExactly(
            "pfns=1 first=0x70200 last=0x70200 ::"
                + " mod_unless(+1)x512->513 ret=1 ; mod_and_test(-512)->1 ret=0");
  }

  @Test
  void theFinalPutOfAZeroBasedPageSaysSo() {
    plain.set(PFN, rec, 2, false);
    assertThat(refs.modAndTest(PFN, rec, -1)).isFalse();
    assertThat(refs.modAndTest(PFN, rec, -1)).isTrue();
    plain.set(PFN, rec, 3, false);
    assertThat(refs.modAndReturn(PFN, rec, -2)).isEqualTo(1);
    assertThat(refs.modAndReturn(PFN, rec, -1)).isZero();
    plain.set(PFN, rec, 2, true);
    assertThat(refs.modAndReturn(PFN, rec, -1)).as("the moment of the wake-up").isEqualTo(1);
  }

  @Test
  void aGetFromFreeIsRefused() {
    plain.set(PFN, rec, 0, false);
    assertThat(refs.modUnless(PFN, rec, 1)).isFalse();
    assertThat(refs.modUnless(PFN, rec, 512)).isFalse();
    assertThat(refs.sequences().of(PFN))
        .isEqualTo("mod_unless(+1)->0 ret=0 ; mod_unless(+512)->0 ret=0");
    assertThat(refs.word(rec)).isZero();
  }

  @Test
  void aPutTooManyIsRefusedAndLeavesTheWordAsItWas() {
    for (boolean base : new boolean[] {false, true}) {
      int word = RefWord.of(base, 2);
      plain.set(PFN, rec, base ? 3 : 2, base);
      assertUnderflow(() -> refs.mod(PFN, rec, -3));
      assertUnderflow(() -> refs.modAndTest(PFN, rec, -3));
      assertUnderflow(() -> refs.modAndReturn(PFN, rec, -1024));
      assertThat(refs.word(rec)).isEqualTo(word);
    }
    assertThat(refs.sequences().of(PFN)).as("no event").isEmpty();
  }

  private static void assertUnderflow(ThrowingCallable put) {
    assertThatThrownBy(put)
        .isInstanceOfSatisfying(
            RefUnderflow.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
        .hasMessageContaining("page 0x70200")
        .hasMessageContaining("users hold 2");
  }

  /** As in a kernel, the get that overflows succeeds, and the next ones see a negative count. */
  @Test
  void aCountPastItsRangeRefusesGetsAndComesBackByPuts() {
    int max = (1 << 30) - 1;
    plain.set(PFN, rec, max, false);
    assertThat(plain.modUnless(PFN, rec, 1)).isTrue();
    assertThat(plain.count(rec)).isNegative();
    assertThat(plain.modUnless(PFN, rec, 1)).isFalse();
    assertThat(plain.modAndTest(PFN, rec, -1)).isFalse();
    assertThat(plain.count(rec)).isEqualTo(max);
  }

  @Test
  void nobodyPutsTheBaseReferenceOfTheEngine() {
    plain.set(PFN, rec, 1, true);
    assertThatThrownBy(() -> refs.modAndTest(PFN, rec, -1)).isInstanceOf(RefUnderflow.class);
    assertThat(refs.count(rec)).isEqualTo(1);
  }

  @Test
  void droppingTheBaseFreesAnIdlePage() {
    plain.set(PFN, rec, 1, true);
    assertThat(refs.dropBase(PFN, rec)).isTrue();
    assertThat(refs.modUnless(PFN, rec, 1)).isFalse();
    assertThat(refs.sequences().of(PFN)).startsWith("mod_and_test(-1)->0 ret=1");
  }

  @Test
  void droppingTheBaseOfAPageInUseLeavesTheFinalPutToItsUser() {
    plain.set(PFN, rec, 2, true);
    assertThat(refs.dropBase(PFN, rec)).isFalse();
    assertThat(refs.count(rec)).isEqualTo(1);
    assertThat(refs.modUnless(PFN, rec, 1)).as("still in use, so gets work").isTrue();
    assertThat(refs.modAndTest(PFN, rec, -1)).isFalse();
    assertThat(refs.modAndTest(PFN, rec, -1)).isTrue();
  }

  @Test
  void aBaseThatIsNotThereCannotBeDropped() {
    plain.set(PFN, rec, 2, false);
    assertThatIllegalStateException().isThrownBy(() -> refs.dropBase(PFN, rec));
    assertThat(refs.count(rec)).isEqualTo(2);
  }

  @Test
  void neighboursAreLeftAlone() {
    long next = rec + PageLayout.RECORD_BYTES;
    plain.set(PFN, rec, 1, true);
    plain.set(PFN + 1, next, 7, true);
    plain.mod(PFN, rec, 1 << 29);
    plain.modAndTest(PFN, rec, -(1 << 29));
    assertThat(plain.count(next)).isEqualTo(7);
    assertThat(plain.count(rec)).isEqualTo(1);
  }

  @Test
  void getsAndPutsOfManyThreadsKeepTheSum() throws Exception {
    long seed = Crew.seed("PageRefsTest.getsAndPutsOfManyThreadsKeepTheSum");
    plain.set(PFN, rec, 1, true);
    AtomicLong left = new AtomicLong();
    Crew crew = new Crew();
    for (int thread = 0; thread < 4; thread++) {
      Random random = new Random(seed + thread);
      crew.add(() -> left.addAndGet(getAndPut(random)));
    }
    crew.runAll();
    assertThat(plain.count(rec)).isEqualTo(1 + Math.toIntExact(left.get()));
  }

  private int getAndPut(Random random) {
    int mine = 0;
    for (int i = 0; i < 50_000; i++) {
      int n = 1 + random.nextInt(1024);
      if (mine < n || random.nextInt(10) == 0) {
        mine += n;
        if (random.nextBoolean()) {
          plain.mod(PFN, rec, n);
        } else {
          assertThat(plain.modUnless(PFN, rec, n)).isTrue();
        }
      } else {
        mine -= n;
        assertThat(plain.modAndTest(PFN, rec, -n)).as("base is there").isFalse();
      }
    }
    return mine;
  }

  /** A put too many by one thread never disturbs what the others see. */
  @Test
  void refusedPutsOfOneThreadNeverShowToAnother() throws Exception {
    plain.set(PFN, rec, 1, false);
    AtomicBoolean stop = new AtomicBoolean();
    new Crew()
        .add(
            2,
            () -> {
              while (!stop.get()) {
                assertThatThrownBy(() -> plain.modAndTest(PFN, rec, -10_000))
                    .isInstanceOf(RefUnderflow.class);
              }
            })
        .add(() -> {
          for (int i = 0; i < 20_000; i++) {
            assertThat(plain.modUnless(PFN, rec, 1)).isTrue();
            assertThat(plain.count(rec)).isEqualTo(2);
            assertThat(plain.modAndTest(PFN, rec, -1)).isFalse();
          }
          stop.set(true);
        })
        .runAll();
    assertThat(plain.count(rec)).isEqualTo(1);
  }

  /** The sweep that makes 1-based pages 0-based while they are in use. */
  @Test
  void aSweepOfTheBaseBitsAmongUsersFreesEachPageOnce() throws Exception {
    long seed = Crew.seed("PageRefsTest.aSweepOfTheBaseBits");
    for (int round = 0; round < 200; round++) {
      sweepOnce(seed + round);
    }
  }

  private void sweepOnce(long seed) throws Exception {
    AtomicIntegerArray freed = new AtomicIntegerArray(NR_PAGES);
    for (int page = 0; page < NR_PAGES; page++) {
      plain.set(PFN + page, at(page), 1, true);
    }
    Crew crew = new Crew();
    for (int thread = 0; thread < 3; thread++) {
      Random random = new Random(seed * 7 + thread);
      crew.add(() -> {
        for (int i = 0; i < 500; i++) {
          int page = random.nextInt(NR_PAGES);
          int n = 1 + random.nextInt(5);
          if (plain.modUnless(PFN + page, at(page), n)) {
            plain.mod(PFN + page, at(page), 3);
            if (plain.modAndTest(PFN + page, at(page), -n - 3)) {
              freed.incrementAndGet(page);
            }
          }
        }
      });
    }
    crew.add(() -> {
      for (int page = 0; page < NR_PAGES; page++) {
        if (plain.dropBase(PFN + page, at(page))) {
          freed.incrementAndGet(page);
        }
      }
    });
    crew.runAll();
    for (int page = 0; page < NR_PAGES; page++) {
      assertThat(plain.word(at(page))).as("seed %d page %d", seed, page).isZero();
      assertThat(freed.get(page)).as("seed %d page %d", seed, page).isEqualTo(1);
    }
  }

  private long at(int page) {
    return rec + page * PageLayout.RECORD_BYTES;
  }
}
