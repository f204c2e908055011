package dev.pgmap.trace.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.testing.SourceBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceReportTest {
  private static JsonNode figures(TraceSource source) {
    return ReportFixture.figures(TraceReport.of(source).html());
  }

  @Test
  void theSummaryTellsWhatWasRecorded() {
    JsonNode figures =
        figures(
            ReportFixture.forgottenPin().event("sched_switch", 0, 7, 2_000_000).lost(5).build());

    assertThat(figures.at("/source").asText()).isEqualTo("forgotten-pin.dat");
    assertThat(figures.at("/span").asLong()).isEqualTo(2_000_000 - 1_000);
    assertThat(figures.at("/summary/events").asLong()).isEqualTo(16);
    assertThat(figures.at("/summary/tasks").asInt()).isEqualTo(3);
    assertThat(figures.at("/summary/cpus").asInt()).isEqualTo(2);
    assertThat(figures.at("/summary/lost").asLong()).isEqualTo(5);
    assertThat(figures.at("/summary/gaps").asLong()).isEqualTo(1);
    assertThat(figures.at("/kinds/0")).hasToString("[\"ftrace:kernel_stack\",5]");
    assertThat(figures.at("/ledger/changes").asLong()).isEqualTo(8);
    assertThat(figures.at("/leftOut")).isEmpty();
  }

  @Test
  void theForgottenPinIsShownWithItsAcquirer() {
    JsonNode figures = figures(ReportFixture.forgottenPin().build());

    JsonNode group = figures.at("/ledger/groups/0");
    assertThat(group.at("/kind").asText()).isEqualTo("pin");
    assertThat(group.at("/holding").asText()).isEqualTo("user");
    assertThat(group.at("/amount").asLong()).isEqualTo(1);
    assertThat(group.at("/pfns/ranges")).hasToString("[[\"0x70202\",\"0x70202\"]]");
    assertThat(group.at("/tasks")).hasToString("[[\"mydriver-7\",1]]");
    assertThat(group.at("/oldest").asLong()).isEqualTo(20_002 - 1_000);
    JsonNode stack = figures.at("/stacks").get(group.at("/stack").asInt());
    assertThat(stack)
        .hasToString(
            "{\"functions\":[\"try_grab_folio\",\"gup_fast\",\"mydriver_map\"],\"hint\":false}");
  }

  @Test
  void aPageHasItsCountOverTimeFindingsFirst() {
    JsonNode figures = figures(ReportFixture.forgottenPin().build());

    assertThat(figures.at("/pages").findValuesAsText("pfn"))
        .containsExactly("0x70202", "0x70200", "0x70201");
    JsonNode page = figures.at("/pages/1");
    assertThat(page.at("/t")).hasToString("[0,19000,29000]");
    assertThat(page.at("/count")).hasToString("[1,1025,1]");
    assertThat(page.at("/kind")).hasToString("[\"set\",\"mod\",\"mod_and_test\"]");
    assertThat(page.at("/val")).hasToString("[1,1024,-1024]");
    assertThat(page.at("/ret")).hasToString("[null,null,0]");
    assertThat(page.at("/pid")).hasToString("[9,42,42]");
    assertThat(page.at("/cpu")).hasToString("[0,0,1]");
    assertThat(figures.at("/comms/42").asText()).isEqualTo("gup_test");
  }

  @Test
  void aTaskHasALaneOfItsReferencesAndOtherEvents() {
    JsonNode figures = figures(ReportFixture.forgottenPin().build());

    JsonNode lane = figures.at("/tasks/1");
    assertThat(lane.at("/pid").asInt()).isEqualTo(9);
    assertThat(lane.at("/nrRefs").asInt()).isEqualTo(3);
    assertThat(lane.at("/refs/pfn")).hasToString("[\"0x70200\",\"0x70201\",\"0x70202\"]");
    int label = lane.at("/others/label/0").asInt();
    assertThat(figures.at("/labels").get(label).asText()).isEqualTo("memunmap_pages()");
  }

  @Test
  void whatLimitsLeaveOutIsSaid() {
    SourceBuilder builder = new SourceBuilder();
    for (int i = 0; i < 400; i++) {
      builder.event(
          "page_ref_mod", 0, i % 4, 1_000 + i, "pfn", i % 10 * 2, "val", i / 10 % 2 == 0 ? 1 : -1);
    }
    for (int i = 0; i < 10; i++) {
      builder.event("page_ref_mod", 0, 1, 5_000 + i, "pfn", 2 * i, "val", 1);
    }
    ReportLimits limits = new ReportLimits(4, 8, 2, 8, 1, 2, 1);

    JsonNode figures =
        ReportFixture.figures(
            TraceReport.of(builder.build(), LedgerOptions.standard(), limits).html());

    assertThat(figures.at("/pages")).hasSize(4);
    assertThat(figures.at("/pages/0/t").size()).isBetween(2, 8);
    assertThat(figures.at("/pages/0/changes").asInt()).isEqualTo(41);
    assertThat(figures.at("/tasks")).hasSize(2);
    assertThat(figures.at("/leftOut"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "Groups that list only their first 2 ranges of pfns: 1.",
            "Pages with a timeline: 4 of 10, those with findings, then the busiest.",
            "Timelines thinned to 8 changes, minima and maxima of the count kept: 4.",
            "Tasks shown: 2 of 4, the busiest.",
            "Lanes thinned evenly to 8 changes of counts and as many other events: 2.");
  }

  @Test
  void aRecordingWithoutReferencesStillHasLanes() {
    JsonNode figures =
        figures(new SourceBuilder().event("sched_switch", 0, 1, 10, "next_pid", 2).build());

    assertThat(figures.at("/ledger").isMissingNode()).isTrue();
    assertThat(figures.at("/tasks/0/others/t")).hasToString("[0]");
  }

  @Test
  void anEmptyRecordingIsAPageToo() {
    assertThat(figures(new SourceBuilder().build()).at("/summary/events").asLong()).isZero();
  }

  @Test
  void nothingOfARecordingIsMarkup() {
    String html = TraceReport.of(ReportFixture.hostile()).html();

    assertThat(html).doesNotContain("<script>window.hacked", "<img", "<b>");
    assertThat(html.split("<script", -1)).hasSize(4);
    assertThat(html.split("</script", -1)).hasSize(4);
    assertThat(ReportFixture.figures(html).at("/comms/42").asText())
        .isEqualTo("<script>window.hacked='comm'</script>");
  }

  @Test
  void thePageNeedsNothingElse() {
    String html = TraceReport.of(ReportFixture.forgottenPin().build()).html();

    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContainPattern("(?i)<(link|img|iframe|object|embed|script\\s+src)")
        .doesNotContainPattern("(?i)@import|url\\(|fetch\\(|XMLHttpRequest|import\\(");
  }

  @Test
  void theFileIsWrittenWhole(@TempDir Path directory) {
    TraceReport report = TraceReport.of(ReportFixture.forgottenPin().build());

    report.write(directory.resolve("out.html"));

    assertThat(directory.resolve("out.html")).hasContent(report.html());
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
    assertThatThrownBy(() -> report.write(directory.resolve("nowhere/out.html")))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("nowhere/out.html");
  }
}
