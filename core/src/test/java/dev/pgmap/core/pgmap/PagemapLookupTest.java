package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** get_dev_pagemap and what a pgmap says of its pfns. */
class PagemapLookupTest {
  private static final long MIB = Floors.MIB;
  private static final PhysRange LOW = PhysRange.ofLength(Floors.DEVICE, 64 * MIB);
  private static final PhysRange HIGH = PhysRange.ofLength(Floors.DEVICE + 256 * MIB, 2 * MIB);

  private final Floors floors = new Floors(Kernels.V7_2.policies());
  private final Pagemaps pagemaps = floors.pagemaps;

  @AfterEach
  void close() {
    floors.close();
  }

  private DevPagemap twoRanges() {
    return pagemaps.memremap(
        Floors.spec(MemoryType.GENERIC, 9, null, LOW, HIGH), DevPagemapOps.NONE);
  }

  @Test
  void everyPfnOfEveryRangeFindsItsPgmapAndTakesAReference() {
    DevPagemap pgmap = twoRanges();
    long idle = pgmap.refCount();
    assertThat(idle).isEqualTo(1 + 32 + 1);
    long[] inside = {
      LOW.firstPfn(), LOW.endPfn() - 1, HIGH.firstPfn(), HIGH.endPfn() - 1, LOW.firstPfn() + 700
    };
    for (long pfn : inside) {
      assertThat(pagemaps.getDevPagemap(pfn, null)).isSameAs(pgmap);
    }
    assertThat(pgmap.refCount()).isEqualTo(idle + inside.length);
    for (int i = 0; i < inside.length; i++) {
      pagemaps.putDevPagemap(pgmap);
    }
    long[] outside = {
      0, LOW.firstPfn() - 1, LOW.endPfn(), HIGH.firstPfn() - 1, HIGH.endPfn(), -1, Long.MAX_VALUE
    };
    for (long pfn : outside) {
      assertThat(pagemaps.getDevPagemap(pfn, null)).as("pfn %d", pfn).isNull();
    }
    floors.assertInvariants();
  }

  @Test
  void neighboursAreToldApart() {
    DevPagemap[] pgmaps = new DevPagemap[20];
    for (int i : new int[] {7, 3, 19, 0, 11, 4, 15, 1, 2, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18}) {
      pgmaps[i] = floors.online(Floors.DEVICE + i * 2 * MIB, 2 * MIB, i % 2 * 9);
    }
    for (int i = 0; i < pgmaps.length; i++) {
      for (long pfn : new long[] {LOW.firstPfn() + i * 512L, LOW.firstPfn() + i * 512L + 511}) {
        assertThat(pagemaps.getDevPagemap(pfn, null)).isSameAs(pgmaps[i]);
        pagemaps.putDevPagemap(pgmaps[i]);
        assertThat(
                pagemaps.byIndex(
                    floors.pages.pgmapIndex(floors.pages.record(floors.pages.headPfn(pfn)))))
            .isSameAs(pgmaps[i]);
      }
    }
    floors.assertInvariants();
  }

  @Test
  void aCachedResultIsReturnedWithoutANewReference() {
    DevPagemap pgmap = twoRanges();
    DevPagemap held = pagemaps.getDevPagemap(LOW.firstPfn(), null);
    long count = pgmap.refCount();
    assertThat(pagemaps.getDevPagemap(LOW.endPfn() - 1, held)).isSameAs(pgmap);
    assertThat(pgmap.refCount()).isEqualTo(count);
    pagemaps.putDevPagemap(held);
  }

  /** The cache compares with the first range only, as before 7.0; the balance is kept. */
  @Test
  void aCachedResultOfAnotherRangeOrPgmapIsPut() {
    DevPagemap pgmap = twoRanges();
    DevPagemap other = floors.online(HIGH.end() + 1, 2 * MIB, 0);
    long idle = pgmap.refCount();
    DevPagemap held = pagemaps.getDevPagemap(LOW.firstPfn(), null);
    held = pagemaps.getDevPagemap(HIGH.firstPfn(), held);
    assertThat(held).isSameAs(pgmap);
    assertThat(pgmap.refCount()).isEqualTo(idle + 1);
    held = pagemaps.getDevPagemap(HIGH.endPfn(), held);
    assertThat(held).isSameAs(other);
    assertThat(pgmap.refCount()).isEqualTo(idle);
    assertThat(pagemaps.getDevPagemap(0, held)).isNull();
    floors.assertInvariants();
  }

  @Test
  void aDyingPgmapIsFoundOnlyInTheCache() throws Exception {
    DevPagemap pgmap = twoRanges();
    DevPagemap held = Objects.requireNonNull(pagemaps.getDevPagemap(LOW.firstPfn(), null));
    AtomicBoolean gone = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              pagemaps.memunmap(pgmap);
              gone.set(true);
            });
    crew.start();
    while (!pgmap.ref().isDying()) {
      Thread.yield();
    }
    Crew.settle();
    assertThat(gone).as("memunmap waits for the lookup's holder").isFalse();
    assertThat(pgmap.state()).isEqualTo(DevPagemap.State.DYING);
    assertThat(pagemaps.getDevPagemap(LOW.firstPfn(), null)).isNull();
    assertThat(pagemaps.getDevPagemap(LOW.firstPfn() + 1, held)).isSameAs(pgmap);
    assertThat(pagemaps.all()).containsExactly(pgmap);
    assertThat(floors.pages.recordOrZero(LOW.firstPfn())).isNotZero();
    assertThatThrownBy(() -> pagemaps.memunmap(pgmap))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    pagemaps.putDevPagemap(held);
    crew.join();
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  @Test
  void pfnsOfTheAltmapFindThePgmapButAreNotValid() {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, Floors.GIB);
    DevPagemap pgmap =
        pagemaps.memremap(
            Floors.spec(MemoryType.GENERIC, 9, Floors.altmap(range, 18 * MIB), range),
            DevPagemapOps.NONE);
    assertThat(pgmap.pfnFirst(0)).isEqualTo(range.firstPfn() + 4608);
    assertThat(pgmap.nrFolios(0)).isEqualTo(257_536 / 512);
    for (long pfn : new long[] {0, 2, 511, 4607}) {
      assertThat(pagemaps.getDevPagemap(range.firstPfn() + pfn, null)).isSameAs(pgmap);
      pagemaps.putDevPagemap(pgmap);
      assertThat(pgmap.isPfnValid(range.firstPfn() + pfn)).isFalse();
    }
    assertThat(pgmap.isPfnValid(range.firstPfn() + 4608)).isTrue();
    assertThat(pgmap.isPfnValid(range.endPfn() - 1)).isTrue();
    assertThat(pgmap.isPfnValid(range.endPfn())).isFalse();
    floors.assertInvariants();
  }

  @Test
  void validityLooksAtEveryRange() {
    DevPagemap pgmap = twoRanges();
    assertThat(pgmap.isPfnValid(LOW.firstPfn())).isTrue();
    assertThat(pgmap.isPfnValid(HIGH.endPfn() - 1)).isTrue();
    assertThat(pgmap.isPfnValid(LOW.endPfn())).isFalse();
    assertThat(pgmap.isPfnValid(HIGH.firstPfn() - 1)).isFalse();
  }

  /** The percpu reference is given up only after the last lookup can have found it. */
  @Test
  void lookupsDuringTeardownNeverMeetADeadReference() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    new Crew()
        .add(
            2,
            () -> {
              while (!stop.get()) {
                DevPagemap found = pagemaps.getDevPagemap(LOW.firstPfn() + 3, null);
                if (found != null) {
                  assertThat(found.state()).isNotEqualTo(DevPagemap.State.DEAD);
                }
                pagemaps.putDevPagemap(found);
              }
            })
        .add(() -> {
          for (int i = 0; i < 300; i++) {
            pagemaps.memunmap(floors.online(Floors.DEVICE, 2 * MIB, 9));
          }
          stop.set(true);
        })
        .runAll();
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }
}
