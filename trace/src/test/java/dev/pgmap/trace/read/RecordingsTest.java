package dev.pgmap.trace.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingsTest {
  @ParameterizedTest
  @CsvSource({
    "5.10-hwpoison-v7.dat.zst, 5.10-hwpoison-v7.report.gz, 32",
    "5.10-hwpoison-v7-zstd.dat, 5.10-hwpoison-v7-zstd.report.gz, 32",
    "6.1-truncate-v6.dat.zst, 6.1-truncate-v6.report.gz, 295",
    "7.2-pinfast-v7.dat.zst, 7.2-pinfast-v7.report.gz, 2063",
  })
  void theEventsOfARealRecordingAreThoseThatTraceCmdPrints(
      String recording, String report, int events) {
    try (TraceSource source = TraceFiles.open(Recordings.path(recording)).source()) {
      List<String> lines = Recordings.lines(source);

      assertThat(lines).hasSize(events).isEqualTo(Recordings.report(report));
    }
  }

  @Test
  void aSourceTellsItsClockItsCpusItsTasksAndItsFormats() {
    try (TraceSource source =
        TraceFiles.open(Recordings.path("6.1-truncate-v6.dat.zst")).source()) {
      assertThat(source.name()).endsWith("6.1-truncate-v6.dat.zst");
      assertThat(source.clock().name()).isEqualTo("mono");
      assertThat(source.clock().isTime()).isTrue();
      assertThat(source.nrCpus()).isEqualTo(1);
      assertThat(source.comms().byPid()).isNotEmpty();
      assertThat(source.events().all()).hasSizeGreaterThan(1000);
      assertThat(source.events().byName("page_ref:page_ref_mod_unless")).isNotNull();
      assertThat(Objects.requireNonNull(source.events().byName("function")).system())
          .isEqualTo("ftrace");
      assertThat(source.symbols().addressOf("truncate_pagecache")).isNotNull();
    }
  }

  @Test
  void cursorsOfOneSourceGoTheirOwnWays() {
    try (TraceSource source = TraceFiles.open(Recordings.path("7.2-pinfast-v7.dat.zst")).source();
        TraceCursor first = source.open();
        TraceCursor second = source.open()) {
      assertThat(first.next()).isTrue();
      assertThat(first.next()).isTrue();
      assertThat(second.next()).isTrue();

      assertThat(second.event().timestamp()).isLessThan(first.event().timestamp());
    }
  }
}
