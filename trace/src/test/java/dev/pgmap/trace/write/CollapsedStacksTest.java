package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollapsedStacksTest {
  @TempDir Path folder;

  private List<String> lines(CollapsedStacks.Weight weight, SourceBuilder builder)
      throws IOException {
    Path file = folder.resolve("out.txt");
    new CollapsedStacks(weight).write(builder.build(), file);
    return Files.readAllLines(file);
  }

  private static SourceBuilder leak() {
    SourceBuilder builder = new SourceBuilder().comm(42, "gup;test").comm(43, "holder");
    for (int i = 0; i < 10; i++) {
      builder
          .event("page_ref_mod", 0, 42, 10 * i, "pfn", i, "val", 1)
          .stack("get_page", "vmsplice")
          .event("page_ref_mod", 0, 43, 10 * i + 1, "pfn", i, "val", 2)
          .stack("get_page", "io_uring");
      if (i < 7) {
        builder
            .event("page_ref_mod", 0, 42, 10 * i + 2, "pfn", i, "val", -1)
            .stack("put_page", "vmsplice");
      }
    }
    return builder.event("print", 0, 44, 1_000, "buf", "end");
  }

  @Test
  void eventsCountByTaskAndStackFromTheOutermostFunction() throws IOException {
    assertThat(lines(CollapsedStacks.Weight.EVENTS, leak()))
        .containsExactly(
            "<...>;[no stack] 1",
            "gup:test;vmsplice;get_page 10",
            "gup:test;vmsplice;put_page 7",
            "holder;io_uring;get_page 10");
  }

  @Test
  void heldReferencesCountByWhoAcquiredThem() throws IOException {
    assertThat(lines(CollapsedStacks.Weight.HELD, leak()))
        .containsExactly("gup:test;vmsplice;get_page 3", "holder;io_uring;get_page 20");
  }

  @Test
  void whatIsHeldCannotBeToldOfSeveralBuffersAtOnce() {
    SourceBuilder builder =
        new SourceBuilder()
            .event("page_ref_mod", 0, 1, 2)
            .event("page_ref_mod", 0, 1, 3)
            .buffer("bad-run");

    assertThatThrownBy(() -> lines(CollapsedStacks.Weight.HELD, builder))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("bad-run");
    assertThat(folder).isEmptyDirectory();
  }
}
