package dev.pgmap.trace.diff;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.refs.PageRefKind;
import dev.pgmap.trace.testing.SourceBuilder;
import dev.pgmap.trace.testing.TracedMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two recordings of the same scenario, by machines that differ or do not. */
class TraceDiffTest {
  /** A recording of 2 MiB that is mapped, pinned by one call, unpinned and unmapped. */
  private static TraceSource pinned(Era era, int region) {
    try (TracedMachine m = new TracedMachine(era)) {
      m.devdax.create(region, 2 * MIB, MapLocation.MEM);
      m.tracePageRefs();
      m.tracer.wantStacks(true);
      Mapping mapping = m.devdax.map(region, 2 * MIB).touch();
      mapping
          .task()
          .run(() -> mapping.unpin(mapping.takeAll(Mapping.PIN_FAST, 512, FollFlag.WRITE)));
      mapping.unmap();
      return m.tracer.freeze(era.name());
    }
  }

  private static TraceDiff diff(TraceSource a, TraceSource b) {
    try (a;
        b) {
      return TraceDiff.of(a, b, LedgerOptions.standard());
    }
  }

  @Test
  void theSameScenarioTwiceIsNoDifferenceWhateverThePages() {
    TraceDiff diff = diff(pinned(Era.V7_2, 0), pinned(Era.V7_2, 1));

    assertThat(diff.hasDifferences()).as(diff.toString()).isFalse();
    assertThat(diff.same()).isEqualTo(1);
    assertThat(diff.stacks()).isTrue();
    assertThat(diff.a().summary().changes()).isPositive();
  }

  @Test
  void erasThatPinAHugeLeafDifferentlyPartAtThatStep() {
    TraceDiff diff = diff(pinned(Era.V6_12, 0), pinned(Era.V7_2, 0));

    Turn turn = diff.turns().getFirst();
    assertThat(turn.pages()).isEqualTo(1);
    // The mapping holds a reference in 7.2 only, so they part from the first step on.
    assertThat(turn.common()).isZero();
    assertThat(turn.stackB()).endsWith("__handle_mm_fault < handle_mm_fault");
    assertThat(diff.changes())
        .contains(
            new Pair(
                "page_ref_mod_unless in gup_fast < gup_fast_fallback < pin_user_pages_fast",
                new Pair.Amount(512, 512),
                new Pair.Amount(1, 512)));
    assertThat(diff.held()).isEmpty();
  }

  private static SourceBuilder pins(long firstPfn, int nrPages, int nrUnpins, int pid) {
    SourceBuilder builder = new SourceBuilder();
    for (int i = 0; i < nrPages; i++) {
      builder
          .event("page_ref_mod", 0, pid, 10 + i, "pfn", firstPfn + i, "val", 1024)
          .stack("try_grab_page", "pin_user_pages", "drv_map");
    }
    for (int i = 0; i < nrUnpins; i++) {
      builder
          .event("page_ref_mod_and_test", 0, pid, 1000 + i, "pfn", firstPfn + i, "val", -1024)
          .stack("gup_put_folio", "unpin_user_pages", "drv_unmap");
    }
    return builder;
  }

  @Test
  void aPageThatIsNotUnpinnedIsHeldAgainstThoseThatAre() {
    TraceDiff diff = diff(pins(0x100, 16, 16, 5).build(), pins(0x900, 16, 15, 6).build());

    assertThat(diff.same()).isEqualTo(15);
    assertThat(diff.turns()).hasSize(1);
    Turn turn = diff.turns().getFirst();
    assertThat(turn.pages()).isEqualTo(1);
    assertThat(turn.common()).isEqualTo(1);
    assertThat(turn.inB().b().text(9)).isEqualTo("0x90f");
    assertThat(turn.inA().steps().get(1)).isEqualTo(new Step(PageRefKind.MOD_AND_TEST, -1024, 0));
    assertThat(turn.stackA()).isEqualTo("gup_put_folio < unpin_user_pages < drv_unmap");
    assertThat(turn.stackB()).isEmpty();
    assertThat(diff.held())
        .containsExactly(
            new Pair(
                "held, pin: try_grab_page < pin_user_pages < drv_map",
                Pair.Amount.NONE,
                new Pair.Amount(1, 1)));
    assertThat(diff.wrong()).isEmpty();
  }

  @Test
  void pagesWithoutACounterpartAreTold() {
    TraceDiff diff = diff(pins(1, 2, 2, 5).build(), pins(1, 5, 5, 5).build());

    assertThat(diff.same()).isEqualTo(2);
    assertThat(diff.turns()).hasSize(1);
    assertThat(diff.turns().getFirst().inA()).isNull();
    assertThat(diff.turns().getFirst().pages()).isEqualTo(3);
  }

  @Test
  void whatHappenedElsewhereIsADifferenceThoughCountsAreEqual() {
    TraceDiff diff =
        diff(
            pins(1, 1, 1, 5).build(),
            new SourceBuilder()
                .event("page_ref_mod", 0, 5, 10, "pfn", 1, "val", 1024)
                .stack("try_grab_page", "pin_user_pages", "other_map")
                .event("page_ref_mod_and_test", 0, 5, 1000, "pfn", 1, "val", -1024)
                .stack("gup_put_folio", "unpin_user_pages", "drv_unmap")
                .build());

    assertThat(diff.turns()).isEmpty();
    assertThat(diff.events()).isEmpty();
    assertThat(diff.changes().stream().map(Pair::what).toList())
        .containsExactly(
            "page_ref_mod in try_grab_page < pin_user_pages < drv_map",
            "page_ref_mod in try_grab_page < pin_user_pages < other_map");
  }

  @Test
  void withoutStacksOnOneSideNoneAreCompared() {
    SourceBuilder bare =
        new SourceBuilder()
            .event("page_ref_mod", 0, 5, 10, "pfn", 1, "val", 1024)
            .event("page_ref_mod_and_test", 0, 5, 1000, "pfn", 1, "val", -1024);

    TraceDiff diff = diff(pins(1, 1, 1, 5).build(), bare.build());

    assertThat(diff.stacks()).isFalse();
    assertThat(diff.hasDifferences()).as(diff.toString()).isFalse();
  }

  @Test
  void sequencesThatThereIsNoRoomForAreToldNotCalledEqual() {
    try (TraceSource a = pins(1, 3, 3, 5).build();
        TraceSource b = pins(1, 3, 0, 5).build()) {
      TraceDiff diff = TraceDiff.of(a, b, LedgerOptions.standard(), 2);

      assertThat(diff.tooLongA()).isEqualTo(3);
      assertThat(diff.tooLongB()).isZero();
      assertThat(diff.same()).isZero();
    }
  }

  @Test
  void stepsReadAsEventsDo() {
    assertThat(
            List.of(
                new Step(PageRefKind.MOD, 1, 0).text(),
                new Step(PageRefKind.MOD_UNLESS, 1, 1).text(),
                new Step(PageRefKind.SET, 1, 0).text()))
        .containsExactly("mod(+1)", "mod_unless(+1)=1", "set(1)");
  }
}
