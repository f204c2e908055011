package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several ranges, unwinding, what others see meanwhile, and many threads at once. */
class MemremapRangesTest {
  private static final long MIB = Floors.MIB;
  private static final PhysRange FIRST = PhysRange.ofLength(Floors.DEVICE, 4 * MIB);
  private static final PhysRange SECOND = PhysRange.ofLength(Floors.DEVICE + 128 * MIB, 2 * MIB);
  private static final PhysRange RAM = PhysRange.ofLength(64 * MIB, 2 * MIB);

  /** Stops at the first count that is set on a page, and lets a test look around there. */
  private static final class Pausing extends PageRefs {
    private volatile long pausePfn = -1;
    private volatile Runnable look = () -> {};

    @Override
    public void set(long pfn, long rec, int value, boolean base) {
      if (pfn == pausePfn) {
        pausePfn = -1;
        look.run();
      }
      super.set(pfn, rec, value, base);
    }
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void eachRangeHasItsPagesAndItsReferences(Kernels kernel) {
    try (Floors floors = new Floors(kernel.policies())) {
      DevPagemap pgmap =
          floors.pagemaps.memremap(
              Floors.spec(MemoryType.GENERIC, 9, null, SECOND, FIRST), DevPagemapOps.NONE);
      assertThat(pgmap.state()).isEqualTo(DevPagemap.State.LIVE);
      assertThat(pgmap.refCount()).isEqualTo(kernel == Kernels.V5_10 ? 1 + 1536 : 1 + 3);
      assertThat(pgmap.pfnFirst(1)).isEqualTo(FIRST.firstPfn());
      floors.assertInvariants();
      floors.pagemaps.memunmap(pgmap);
      floors.assertNothingLeft();
      floors.assertNoWarnings();
    }
  }

  @Test
  void rangesOfOneRequestMayNotOverlap() {
    try (Floors floors = new Floors(Kernels.V7_2.policies())) {
      PagemapSpec spec = Floors.spec(MemoryType.GENERIC, 0, null, FIRST, FIRST);
      assertThatThrownBy(() -> floors.pagemaps.memremap(spec, DevPagemapOps.NONE))
          .isInstanceOfSatisfying(
              MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
      floors.assertNothingLeft();
    }
  }

  /** A lookup succeeds from the moment the range is in the array, before there is a page. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void aPgmapIsFoundBeforeItsPagesAreInitialised(Kernels kernel) {
    Pausing refs = new Pausing();
    try (Floors floors = new Floors(kernel.policies(), refs)) {
      AtomicReference<@Nullable DevPagemap> found = new AtomicReference<>();
      refs.pausePfn = FIRST.firstPfn();
      refs.look =
          () -> {
            DevPagemap seen = floors.pagemaps.getDevPagemap(FIRST.endPfn() - 1, null);
            assertThat(seen).isNotNull();
            assertThat(seen.state()).isEqualTo(DevPagemap.State.NEW);
            assertThat(seen.refCount()).as("its own and the lookup's").isEqualTo(2);
            floors.pagemaps.putDevPagemap(seen);
            found.set(seen);
          };
      assertThat(floors.online(FIRST.start(), FIRST.bytes(), 9)).isSameAs(found.get());
      floors.assertInvariants();
    }
  }

  /** The second range is RAM; meanwhile another thread found the first. memremap waits for it. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void unwindingWaitsForWhoFoundTheFirstRange(Kernels kernel) throws Exception {
    Pausing refs = new Pausing();
    try (Floors floors = new Floors(kernel.policies(), refs)) {
      AtomicReference<@Nullable DevPagemap> held = new AtomicReference<>();
      CountDownLatch looked = new CountDownLatch(1);
      refs.pausePfn = FIRST.firstPfn();
      refs.look =
          () -> {
            held.set(floors.pagemaps.getDevPagemap(FIRST.firstPfn(), null));
            looked.countDown();
          };
      RecordingOps ops = new RecordingOps();
      PagemapSpec spec = Floors.spec(MemoryType.GENERIC, 9, null, FIRST, RAM, SECOND);
      AtomicBoolean returned = new AtomicBoolean();
      Crew crew =
          new Crew()
              .add(() -> {
                assertThatThrownBy(() -> floors.pagemaps.memremap(spec, ops))
                    .isInstanceOfSatisfying(
                        MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
                returned.set(true);
              });
      crew.start();
      looked.await();
      Crew.settle();
      assertThat(returned).isFalse();
      assertThat(floors.pages.recordOrZero(FIRST.firstPfn())).isNotZero();
      assertThat(floors.pages.recordOrZero(SECOND.firstPfn())).isZero();
      floors.pagemaps.putDevPagemap(held.get());
      crew.join();
      assertThat(spec.ranges()).hasSize(3);
      assertThat(ops.calls)
          .isEqualTo(kernel == Kernels.V5_10 ? List.of("kill", "cleanup") : List.of());
      assertThat(floors.warnings()).singleElement().asString().contains("attempted on ram");
      assertThatThrownBy(() -> floors.pages.record(FIRST.firstPfn()))
          .isInstanceOf(NoStructPage.class);
      floors.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void manyThreadsWithRandomRangesLeaveAConsistentMachine(Kernels kernel) throws Exception {
    long seed = Crew.seed("MemremapRangesTest.manyThreads " + kernel);
    try (Floors floors = new Floors(kernel.policies())) {
      for (int round = 0; round < 5; round++) {
        List<DevPagemap> kept = new ArrayList<>();
        Crew crew = new Crew();
        for (int thread = 0; thread < 3; thread++) {
          Random random = new Random(seed + round * 10 + thread);
          crew.add(() -> mapAndUnmap(floors, random, kept));
        }
        Random random = new Random(seed + round * 10 + 9);
        AtomicBoolean stop = new AtomicBoolean();
        Crew lookers = new Crew().add(() -> lookAround(floors, random, stop));
        lookers.start();
        crew.start();
        try {
          crew.join();
        } finally {
          stop.set(true);
        }
        lookers.join();
        floors.assertInvariants();
        kept.forEach(floors.pagemaps::memunmap);
        floors.assertNothingLeft();
      }
      assertThat(floors.warnings())
          .as("seed %d", seed)
          .allSatisfy(text -> assertThat(text).startsWith("Conflicting mapping"));
    }
  }

  private static void mapAndUnmap(Floors floors, Random random, List<DevPagemap> kept) {
    for (int i = 0; i < 60; i++) {
      long start = Floors.DEVICE + random.nextInt(160) * 2 * MIB;
      long bytes = (1 + random.nextInt(random.nextInt(8) == 0 ? 80 : 6)) * 2 * MIB;
      DevPagemap pgmap;
      try {
        pgmap = floors.online(start, bytes, random.nextBoolean() ? 9 : 0);
      } catch (MmException e) {
        assertThat(e.errno()).isIn(Errno.ENOMEM, Errno.EEXIST);
        continue;
      }
      long pfn = (start >>> 12) + random.nextInt((int) (bytes >>> 12));
      floors.hold(pfn, 2);
      floors.put.put(pfn, 2);
      if (random.nextInt(20) == 0) {
        synchronized (kept) {
          kept.add(pgmap);
        }
      } else {
        floors.pagemaps.memunmap(pgmap);
      }
    }
  }

  private static void lookAround(Floors floors, Random random, AtomicBoolean stop) {
    DevPagemap cached = null;
    while (!stop.get()) {
      long pfn = (Floors.DEVICE >>> 12) + random.nextInt(250 * 512);
      cached = floors.pagemaps.getDevPagemap(pfn, cached);
      if (cached != null && random.nextBoolean()) {
        floors.pagemaps.putDevPagemap(cached);
        cached = null;
      }
    }
    floors.pagemaps.putDevPagemap(cached);
  }
}
