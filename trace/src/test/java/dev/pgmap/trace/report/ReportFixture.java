package dev.pgmap.trace.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recordings for tests of the report, and the figures in a page. */
final class ReportFixture {
  private static final Pattern FIGURES =
      Pattern.compile("<script type=\"application/json\" id=\"figures\">(.*?)</script>");

  private ReportFixture() {}

  /** Two pages are pinned and released; a third stays pinned, by a driver that forgot. */
  static SourceBuilder forgottenPin() {
    SourceBuilder builder =
        new SourceBuilder()
            .name("forgotten-pin.dat")
            .comm(42, "gup_test")
            .comm(7, "mydriver")
            .comm(9, "ndctl");
    for (int i = 0; i < 3; i++) {
      builder
          .event("page_ref_set", 0, 9, 1_000 + i, "pfn", 0x70200 + i, "val", 1)
          .event("page_ref_mod", 0, i == 2 ? 7 : 42, 20_000 + i, "pfn", 0x70200 + i, "val", 1024)
          .stack("try_grab_folio", "gup_fast", i == 2 ? "mydriver_map" : "gup_test_ioctl");
    }
    for (int i = 0; i < 2; i++) {
      builder
          .event(
              "page_ref_mod_and_test",
              1,
              42,
              30_000 + i,
              "pfn",
              0x70200 + i,
              "val",
              -1024,
              "ret",
              0)
          .stack("unpin_user_page", "gup_test_ioctl");
    }
    return builder
        .event("function", 0, 9, 900_000, "ip", builder.function("memunmap_pages"))
        .event("sched_switch", 1, 42, 1_000_000, "next_pid", 9);
  }

  /** A recording whose every text would be markup if it were let. */
  static TraceSource hostile() {
    return new SourceBuilder()
        .name("</title><script>window.hacked='name'</script>")
        .comm(42, "<script>window.hacked='comm'</script>")
        .comm(43, "</script><img src=x onerror=window.hacked='img'>")
        .event("page_ref_set", 0, 43, 10, "pfn", 1, "val", 1)
        .event("page_ref_mod", 0, 42, 20, "pfn", 1, "val", 1024)
        .stack("</script><script>window.hacked='function'</script>", "\u2028<b>&lt;'\"")
        .build();
  }

  /** The figures that a page holds. */
  static JsonNode figures(String html) {
    Matcher matcher = FIGURES.matcher(html);
    if (!matcher.find()) {
      throw new AssertionError("the page has no figures");
    }
    try {
      return new JsonMapper().readTree(matcher.group(1));
    } catch (JsonProcessingException e) {
      throw new AssertionError("the figures are no JSON", e);
    }
  }
}
