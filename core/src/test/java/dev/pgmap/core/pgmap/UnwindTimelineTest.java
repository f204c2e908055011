package dev.pgmap.core.pgmap;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worked timeline of a memremap of two ranges whose second one fails. */
class UnwindTimelineTest {
  private static final long MIB = Floors.MIB;
  private static final long PFN = Floors.DEVICE >>> 12;

  /** Looks a pgmap up while its first page is initialised: in the window before it can fail. */
  private static final class LookingRefs extends PageRefs {
    private final AtomicReference<@Nullable DevPagemap> found = new AtomicReference<>();
    private @Nullable Pagemaps pagemaps;

    @Override
    public void set(long pfn, long rec, int value, boolean base) {
      super.set(pfn, rec, value, base);
      if (pfn == PFN && pagemaps != null && found.get() == null) {
        found.set(pagemaps.getDevPagemap(pfn, null));
      }
    }
  }

  private static PagemapSpec spec() {
    PhysRange inRam = PhysRange.ofLength(64 * MIB, 2 * MIB);
    return Floors.spec(
        MemoryType.GENERIC, 0, null, PhysRange.ofLength(Floors.DEVICE, 2 * MIB), inRam);
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void theFirstRangeIsUnwound(Kernels kernel) {
    try (Floors floors = new Floors(kernel.policies())) {
      assertErrno(Errno.ENXIO, () -> floors.pagemaps.memremap(spec(), DevPagemapOps.NONE));
      assertThat(floors.pagemaps.getDevPagemap(PFN, null)).isNull();
      floors.assertNothingLeft();
      assertThat(floors.warnings()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void whoFoundItInTheWindowHoldsTheErrorUp(Kernels kernel) throws Exception {
    LookingRefs refs = new LookingRefs();
    try (Floors floors = new Floors(kernel.policies(), refs)) {
      refs.pagemaps = floors.pagemaps;
      AtomicBoolean put = new AtomicBoolean();
      Crew crew = new Crew();
      crew.add(() -> {
        assertErrno(Errno.ENXIO, () -> floors.pagemaps.memremap(spec(), DevPagemapOps.NONE));
        assertThat(put).as("memremap waited for the lookup").isTrue();
      });
      crew.start();
      while (!isDying(refs.found.get()) && !crew.hasFailed()) {
        Thread.onSpinWait();
      }
      Crew.settle();
      assertThat(crew.hasFailed()).isFalse();
      put.set(true);
      floors.pagemaps.putDevPagemap(refs.found.get());
      crew.join();
      floors.assertNothingLeft();
    }
  }

  private static boolean isDying(@Nullable DevPagemap pgmap) {
    return pgmap != null && pgmap.state() == DevPagemap.State.DYING;
  }
}
