package dev.pgmap.trace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.testing.SourceBuilder;
import org.junit.jupiter.api.Test;

/** Stories with a known culprit. */
class PageLedgerTest {
  private static LedgerReport reportOf(SourceBuilder builder) {
    return reportOf(builder, LedgerOptions.standard());
  }

  private static LedgerReport reportOf(SourceBuilder builder, LedgerOptions options) {
    try (TraceSource source = builder.build()) {
      return PageLedger.of(source, options).report();
    }
  }

  @Test
  void aPinThatIsNeverReleasedIsOnePinOfItsTask() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .comm(7, "driver")
                .comm(8, "gup_test")
                .event("page_ref_mod", 0, 7, 10, "pfn", 0x70200, "val", 1024)
                .stack("try_grab_page", "__get_user_pages", "pin_user_pages", "drv_map")
                .event("page_ref_mod", 0, 8, 20, "pfn", 0x70200, "val", 1024)
                .stack("try_grab_page", "__get_user_pages", "pin_user_pages", "gup_test_ioctl")
                .event("page_ref_mod_and_test", 0, 8, 30, "pfn", 0x70200, "val", -1024)
                .stack("gup_put_folio", "unpin_user_pages", "gup_test_ioctl"));

    assertThat(report.groups()).hasSize(1);
    OutstandingGroup group = report.groups().getFirst();
    assertThat(group.kind()).isEqualTo(HoldKind.PIN);
    assertThat(group.amount()).isEqualTo(1);
    assertThat(group.tasks()).containsExactly(new TaskShare(7, "driver", 1));
    assertThat(group.stack()).contains("drv_map");
    assertThat(group.certainty()).isEqualTo(Certainty.SURE);
    assertThat(group.pfns().text(9)).isEqualTo("0x70200");
    assertThat(report.summary().last() - group.oldest()).isEqualTo(20);
  }

  @Test
  void bothHalvesOfAFastPinAreOnePin() {
    SourceBuilder builder = new SourceBuilder();
    for (int pfn = 0x100; pfn < 0x110; pfn++) {
      builder
          .event("page_ref_mod_unless", 0, 5, pfn * 10L, "pfn", pfn, "val", 1, "ret", 1)
          .event("page_ref_mod", 0, 5, pfn * 10L + 1, "pfn", pfn, "val", 1023);
    }

    LedgerReport report = reportOf(builder);

    assertThat(report.groups()).hasSize(1);
    assertThat(report.groups().getFirst().kind()).isEqualTo(HoldKind.PIN);
    assertThat(report.groups().getFirst().amount()).isEqualTo(16);
    assertThat(report.groups().getFirst().refs()).isEqualTo(16 * 1024);
    assertThat(report.groups().getFirst().pfns().text(9)).isEqualTo("0x100-0x10f");
  }

  @Test
  void aReleaseInTwoHalvesReleasesOnePin() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .event("page_ref_mod", 0, 5, 1, "pfn", 1, "val", 1024)
                .event("page_ref_mod", 0, 5, 2, "pfn", 1, "val", -1023)
                .event("page_ref_mod_and_test", 0, 5, 3, "pfn", 1, "val", -1));

    assertThat(report.groups()).isEmpty();
    assertThat(report.anomalies()).isEmpty();
  }

  @Test
  void anUnpinOfAWholeFolioReleasesEachOfItsReferences() {
    SourceBuilder builder = new SourceBuilder();
    for (int i = 0; i < 512; i++) {
      builder.event("page_ref_mod", 0, 5, i, "pfn", 0x200, "val", 1);
    }
    builder.event("page_ref_mod_and_test", 0, 5, 600, "pfn", 0x200, "val", -512);

    assertThat(reportOf(builder).groups()).isEmpty();
  }

  @Test
  void referencesOfALargeFolioAreNotCalledPins() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .event("page_ref_mod_unless", 0, 5, 1, "pfn", 1, "val", 1024, "ret", 1));

    assertThat(report.groups().getFirst().amount()).isEqualTo(1024);
    assertThat(report.groups().getFirst().kind()).isNotEqualTo(HoldKind.PIN);
  }

  @Test
  void theBaseReferenceOfANewPageIsTheEnginesOwn() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .event("page_ref_set", 0, 5, 1, "pfn", 1, "val", 1)
                .event("page_ref_mod_unless", 0, 6, 2, "pfn", 1, "val", 1, "ret", 1)
                .event("page_ref_mod_and_test", 0, 6, 3, "pfn", 1, "val", -1));

    assertThat(report.hasFindings()).isFalse();
    assertThat(report.of(Holding.ENGINE)).hasSize(1);
  }

  @Test
  void aPutTooManyIsShownWithThePutThatTookTheLastReference() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .comm(5, "good")
                .comm(6, "bad")
                .event("page_ref_set", 0, 5, 1, "pfn", 9, "val", 1)
                .stack("zone_device_page_init", "alloc")
                .event("page_ref_mod_and_test", 0, 5, 2, "pfn", 9, "val", -1, "ret", 1)
                .stack("put_page", "good_put")
                .event("page_ref_mod_and_test", 0, 6, 3, "pfn", 9, "val", -1, "ret", 0)
                .stack("put_page", "bad_put"));

    assertThat(report.anomalies()).hasSize(1);
    Anomaly anomaly = report.anomalies().getFirst();
    assertThat(anomaly.kind()).isEqualTo(Anomaly.Kind.PUT_TOO_MANY);
    assertThat(anomaly.stack()).containsExactly("put_page", "bad_put");
    assertThat(anomaly.previousStack()).containsExactly("put_page", "good_put");
    assertThat(anomaly.tasks().getFirst().name()).isEqualTo("bad-6");
    assertThat(anomaly.previousTasks().getFirst().name()).isEqualTo("good-5");
    assertThat(anomaly.certainty()).isEqualTo(Certainty.SURE);
  }

  /** The kernel would complain later, when the mapping goes, and name the wrong one. */
  @Test
  void aSecondPutThatTakesTheMappingsReferenceNamesWhoPutTwice() {
    LedgerReport report = reportOf(mappedPagePut(2));

    assertThat(report.anomalies()).hasSize(1);
    Anomaly anomaly = report.anomalies().getFirst();
    assertThat(anomaly.kind()).isEqualTo(Anomaly.Kind.PUT_OF_OTHERS);
    assertThat(anomaly.stack()).containsExactly("put_page", "drv_complete");
    assertThat(anomaly.previousStack()).containsExactly("put_page", "drv_complete");
    assertThat(anomaly.tasks().getFirst().name()).isEqualTo("driver-6");
    assertThat(anomaly.amount()).isEqualTo(1);
    assertThat(report.hasFindings()).isTrue();
  }

  @Test
  void aPutOfWhatWasTakenLeavesTheMappingAlone() {
    assertThat(reportOf(mappedPagePut(1)).anomalies()).isEmpty();
  }

  private static SourceBuilder mappedPagePut(int times) {
    SourceBuilder builder =
        new SourceBuilder()
            .comm(5, "victim")
            .comm(6, "driver")
            .event("page_ref_set", 0, 4, 1, "pfn", 9, "val", 1)
            .stack("memmap_init_zone_device")
            .event("page_ref_mod", 0, 5, 2, "pfn", 9, "val", 1)
            .stack("vmf_insert_pfn", "dev_dax_huge_fault")
            .event("page_ref_mod_unless", 0, 6, 3, "pfn", 9, "val", 1, "ret", 1)
            .stack("gup_fast", "get_user_pages_fast", "drv_map");
    for (int i = 0; i < times; i++) {
      builder
          .event("page_ref_mod_and_test", 0, 6, 4 + i, "pfn", 9, "val", -1, "ret", 0)
          .stack("put_page", "drv_complete");
    }
    return builder;
  }

  /** Two cpus put the last two references; their stamps are the reverse of what happened. */
  @Test
  void aCountThatIsOnlyAHintIsNotBelieved() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .event("page_ref_set", 0, 5, 1, "pfn", 9, "val", 0)
                .event("page_ref_mod", 0, 5, 1_000_000, "pfn", 9, "val", 1, "count", 2)
                .event("page_ref_mod", 1, 6, 1_000_001, "pfn", 9, "val", 1, "count", 2)
                .event("page_ref_mod_and_test", 0, 5, 2_000_000, "pfn", 9, "val", -1, "ret", 1)
                .event("page_ref_mod_and_test", 1, 6, 2_000_010, "pfn", 9, "val", -1, "ret", 0));

    assertThat(report.hasFindings()).isFalse();
    assertThat(report.groups()).isEmpty();
    assertThat(report.summary().moved()).isEqualTo(2);
  }

  @Test
  void aReferenceThatWasHeldWhenEventsWereLostIsNotSure() {
    LedgerReport report =
        reportOf(
            new SourceBuilder()
                .event("page_ref_mod", 0, 5, 10, "pfn", 1, "val", 1)
                .event("page_ref_mod", 0, 5, 20, "pfn", 2, "val", 1)
                .lost(3)
                .event("page_ref_mod", 0, 5, 30, "pfn", 3, "val", 1));

    assertThat(report.groups()).hasSize(1);
    assertThat(report.groups().getFirst().byCertainty())
        .containsEntry(Certainty.EVENTS_LOST, 2L)
        .containsEntry(Certainty.SURE, 1L);
  }
}
