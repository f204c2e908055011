package dev.pgmap.trace.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports as Chromium draws them. */
class ReportInBrowserTest {
  @TempDir private static Path directory;

  private static HeadlessBrowser browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    browser = new HeadlessBrowser(Files.createDirectory(directory.resolve("profile")));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Path open(TraceSource source) throws IOException {
    Path file = Files.createTempFile(directory, "report", ".html");
    TraceReport.of(source).write(file);
    browser.open(file);
    return file;
  }

  private static String text(String selector) {
    return browser.evaluate("document.querySelector('%s').innerText".formatted(selector)).asText();
  }

  private static String marker(String name) {
    return browser.evaluate("document.documentElement.dataset." + name).asText();
  }

  @Test
  void theScriptRunsAndCountsWhatItShows() throws IOException {
    open(ReportFixture.forgottenPin().build());

    assertThat(marker("report")).isEqualTo("ready");
    assertThat(marker("groups")).isEqualTo("1");
    assertThat(marker("pages")).isEqualTo("3");
    assertThat(marker("points")).isEqualTo("8");
    assertThat(marker("lanes")).isEqualTo("3");
    assertThat(marker("charts")).isEqualTo("2");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void theCulpritStandsOnTop() throws IOException {
    open(ReportFixture.forgottenPin().build());

    assertThat(text("#verdict"))
        .isEqualTo(
            "1 pin on 1 page is outstanding, acquired by mydriver-7 under"
                + " try_grab_folio ← gup_fast ← mydriver_map.");
    assertThat(text("#groups")).contains("1 pin", "mydriver_map", "0x70202", "mydriver-7", "sure");
    assertThat(text("#page-choice option:checked")).contains("0x70202", "outstanding");
  }

  @Test
  void nothingButThePageIsLoaded() throws IOException {
    int before = browser.requests().size();

    Path file = open(ReportFixture.forgottenPin().build());

    assertThat(browser.requests().subList(before, browser.requests().size()))
        .containsExactly(file.toUri().toString());
  }

  @Test
  void keysGoFromChangeToChangeAndZoom() throws IOException {
    open(ReportFixture.forgottenPin().build());
    browser.evaluate("document.querySelector('#page .chart').focus()");

    browser.press("ArrowRight");
    assertThat(text("#page .readout")).contains("set 1", "count 1", "ndctl-9 on cpu 0");
    browser.press("ArrowRight");
    assertThat(text("#page .readout"))
        .contains("mod +1024", "count 1,025", "+0.000019002 s", "mydriver-7", "mydriver_map");
    assertThat(text("#page tr.now")).contains("mod +1024");

    int all = browser.evaluate("document.querySelectorAll('#page tbody tr').length").asInt();
    for (int i = 0; i < 5; i++) {
      browser.press("+");
    }
    int zoomed = browser.evaluate("document.querySelectorAll('#page tbody tr').length").asInt();
    browser.press("0");
    assertThat(browser.evaluate("document.querySelectorAll('#page tbody tr').length").asInt())
        .isEqualTo(all)
        .isGreaterThan(zoomed);
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void lanesTellTheirEvents() throws IOException {
    open(ReportFixture.forgottenPin().build());
    browser.evaluate("document.querySelector('#tasks .chart').focus()");

    browser.press("ArrowRight");
    assertThat(text("#tasks .readout")).contains("gup_test-42", "page_ref_mod pfn=0x70200");
    browser.press("ArrowDown");
    assertThat(text("#tasks .readout")).contains("ndctl-9", "page_ref_set pfn=0x70200");
  }

  @Test
  void aPfnLeadsToItsTimeline() throws IOException {
    open(ReportFixture.forgottenPin().build());
    browser.evaluate("document.querySelector('#page-choice').value = 2");
    browser.evaluate("document.querySelector('#page-choice').dispatchEvent(new Event('change'))");
    assertThat(text("#page tbody")).contains("gup_test-42");

    browser.evaluate("document.querySelector('.pfns button').click()");

    assertThat(text("#page tbody")).contains("mydriver-7").doesNotContain("gup_test-42");
  }

  @Test
  void textsOfTheRecordingAreNeverMarkup() throws IOException {
    open(ReportFixture.hostile());

    assertThat(marker("report")).isEqualTo("ready");
    assertThat(browser.evaluate("typeof window.hacked").asText()).isEqualTo("undefined");
    assertThat(browser.evaluate("document.querySelectorAll('img, b').length").asInt()).isZero();
    assertThat(browser.evaluate("document.scripts.length").asInt()).isEqualTo(3);
    assertThat(text("#groups")).contains("<script>window.hacked='comm'</script>-42");
    assertThat(text("#verdict")).contains("</script><script>window.hacked='function'</script>");
    assertThat(browser.evaluate("document.title").asText()).startsWith("</title><script>");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void aRecordingWithoutReferencesIsDrawnToo() throws IOException {
    open(new SourceBuilder().event("sched_switch", 0, 1, 10, "next_pid", 2).build());

    assertThat(marker("report")).isEqualTo("ready");
    assertThat(text("#verdict")).startsWith("No page references were recorded");
    assertThat(browser.errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 1280})
  void nothingIsWiderThanTheWindow(int width) throws IOException {
    browser.resize(width, 900);
    open(ReportFixture.forgottenPin().build());

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(width);
    assertThat(browser.evaluate("document.querySelector('.uplot').offsetWidth").asInt())
        .isBetween(width / 2, width);
  }

  /** The canary: a script that fails must be seen. */
  @Test
  void aScriptThatFailsIsNoticed() throws IOException {
    Path file = Files.createTempFile(directory, "broken", ".html");
    String html = TraceReport.of(ReportFixture.forgottenPin().build()).html();
    Files.writeString(file, html.replace("\"kinds\":[[", "\"kinds\":[0,["));
    int before = browser.errors().size();

    browser.open(file);

    assertThat(marker("report")).isEqualTo("failed");
    assertThat(browser.errors().size()).isGreaterThan(before);
    browser.forgetErrors();
  }
}
