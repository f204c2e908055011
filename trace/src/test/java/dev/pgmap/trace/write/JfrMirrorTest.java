package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrMirrorTest {
  private static final EventFormat KILL =
      new EventFormat(
          "pgmap",
          "pgmap_kill",
          1100,
          EventFormat.commonFields(),
          List.of(EventField.of("int pgmap", 8, 4, true)),
          "\"pgmap=%d\", REC->pgmap");

  @TempDir Path folder;

  private static SourceBuilder teardown() {
    SourceBuilder builder = new SourceBuilder().format(KILL).comm(42, "ndctl");
    for (int i = 0; i < 100; i++) {
      builder.event("page_ref_mod", 0, 42, i, "pfn", i, "val", -1);
    }
    return builder
        .event("pgmap_kill", 1, 42, 1_000, "pgmap", 3)
        .stack("percpu_ref_kill", "memunmap_pages")
        .event("memory_failure_event", 0, 42, 2_000, "pfn", 5, "type", 20, "result", 3)
        .lost(17);
  }

  private List<RecordedEvent> mirrored(JfrMirror mirror, SourceBuilder builder) throws IOException {
    Path file = folder.resolve("out.jfr");
    mirror.write(builder.build(), file);
    assertThat(Files.list(folder)).containsExactly(file);
    return RecordingFile.readAllEvents(file);
  }

  @Test
  void rareEventsAndLossesAreMirroredAndPageRefsAreNot() throws IOException {
    List<RecordedEvent> events = mirrored(new JfrMirror(), teardown());

    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .containsExactly("dev.pgmap.Pgmap", "dev.pgmap.LostEvents", "dev.pgmap.MemoryFailure");
    assertThat(events.get(1).getLong("lost")).isEqualTo(17);
    assertThat(events.get(2).getString("text"))
        .isEqualTo("pfn 0x5: recovery action for dax page: Recovered");
  }

  @Test
  void anEventSaysWhenWhereWhoAndFromWhichStack() throws IOException {
    RecordedEvent event = mirrored(new JfrMirror(), teardown()).getFirst();

    assertThat(event.getString("event")).isEqualTo("pgmap:pgmap_kill");
    assertThat(event.getLong("stamp")).isEqualTo(1_000);
    assertThat(event.getInt("cpu")).isEqualTo(1);
    assertThat(event.getInt("pid")).isEqualTo(42);
    assertThat(event.getString("task")).isEqualTo("ndctl");
    assertThat(event.getString("text")).isEqualTo("pgmap=3");
    assertThat(event.getString("stack")).isEqualTo("percpu_ref_kill <- memunmap_pages");
  }

  @Test
  void pageRefsAreMirroredUpToTheNumberAskedFor() throws IOException {
    List<RecordedEvent> events = mirrored(new JfrMirror(30), teardown());

    List<RecordedEvent> pageRefs =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("dev.pgmap.PageRef"))
            .toList();
    assertThat(pageRefs).hasSize(30);
    assertThat(pageRefs.getLast().getLong("pfn")).isEqualTo(29);
    assertThat(pageRefs.getLast().getInt("val")).isEqualTo(-1);
  }
}
