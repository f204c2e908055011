package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RandomSource;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What protoc makes of the file, one line for each packet. */
class PerfettoWriterTest {
  private static final Pattern UNKNOWN_FIELD = Pattern.compile("^ *\\d+(:| \\{).*");

  @TempDir Path folder;

  private static SourceBuilder gup() {
    return new SourceBuilder().comm(42, "gup_test").comm(43, "holder");
  }

  @Test
  void aReferenceIsASliceFromGetToPutWithAFlowToThePut() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_mod", 0, 42, 1_000, "pfn", 0x70200, "count", 2, "val", 1)
                .stack("get_page", "vmsplice")
                .event("page_ref_mod", 1, 43, 9_000, "pfn", 0x70200, "count", 1, "val", -1)
                .stack("put_page")
                .build());

    String lane = trackOf(packets, "holder");
    assertThat(packets)
        .containsSubsequence(
            "timestamp: 1000 trusted_packet_sequence_id: 1 track_event {"
                + " debug_annotations { pointer_value: 459264 name: \"pfn\" }"
                + " debug_annotations { int_value: 1 name: \"amount\" }"
                + " debug_annotations { int_value: 42 name: \"pid\" }"
                + " type: TYPE_SLICE_BEGIN track_uuid: "
                + lane
                + " categories: \"page_ref\" name: \"reference by gup_test-42\" flow_ids: 1"
                + " callstack { frames { function_name: \"vmsplice\" }"
                + " frames { function_name: \"get_page\" } } }",
            "timestamp: 9000 trusted_packet_sequence_id: 1 track_event {"
                + " type: TYPE_SLICE_END track_uuid: "
                + lane
                + " }",
            "timestamp: 9000 trusted_packet_sequence_id: 1 track_event {"
                + " debug_annotations { int_value: -1 name: \"val\" }"
                + " type: TYPE_INSTANT track_uuid: 44 categories: \"page_ref\""
                + " name: \"put pfn 0x70200\" terminating_flow_ids: 1"
                + " callstack { frames { function_name: \"put_page\" } } }");
    assertThat(packets)
        .anyMatch(packet ->
            packet.endsWith(
                "track_descriptor { uuid: 44 thread { pid: 43 tid: 43 thread_name: \"holder\""
                    + " } }"));
  }

  @Test
  void theTwoHalvesOfAFastPinAreOnePin() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_mod_unless", 0, 42, 1_000, "pfn", 5, "val", 1, "ret", 1)
                .event("page_ref_mod", 0, 42, 2_000, "pfn", 5, "val", 1023)
                .event("page_ref_mod_and_test", 0, 42, 3_000, "pfn", 5, "val", -1024)
                .build());

    assertThat(slices(packets))
        .containsExactly(
            "1000 begin reference by gup_test-42",
            "2000 end",
            "2000 begin pin by gup_test-42",
            "3000 end");
  }

  @Test
  void whatIsNeverPutStaysOpenAndHoldersStandSideBySide() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_mod", 0, 42, 1_000, "pfn", 5, "val", 1)
                .event("page_ref_mod", 0, 43, 2_000, "pfn", 5, "val", 1)
                .event("page_ref_mod", 0, 42, 3_000, "pfn", 5, "val", -1)
                .build());

    assertThat(slices(packets))
        .containsExactly(
            "1000 begin reference by gup_test-42", "2000 begin reference by holder-43", "3000 end");
    assertThat(packets.stream().filter(packet -> packet.contains("name: \"holder\" parent")))
        .hasSize(2);
  }

  @Test
  void moreHoldersThanLanesAreAddedToASlice() {
    SourceBuilder builder = gup();
    for (int i = 0; i < 512; i++) {
      builder.event("page_ref_mod", 0, 42, i + 1, "pfn", 5, "val", 1);
    }
    builder.event("page_ref_mod_and_test", 0, 42, 1_000, "pfn", 5, "val", -512);

    List<String> slices = slices(decode(builder.build()));

    assertThat(slices.stream().filter(slice -> slice.contains("begin")))
        .hasSize(PerfettoHolds.MOST_LANES);
    assertThat(slices.stream().filter(slice -> slice.equals("1000 end")))
        .hasSize(PerfettoHolds.MOST_LANES);
  }

  @Test
  void theCountOfAPageIsACurve() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_set", 0, 42, 1_000, "pfn", 5, "count", 1, "val", 1)
                .event("page_ref_mod", 0, 42, 2_000, "pfn", 5, "count", 77, "val", 3)
                .build());

    String track = trackOf(packets, "count");
    assertThat(packets.stream().filter(packet -> packet.contains("TYPE_COUNTER")))
        .containsExactly(
            "timestamp: 1000 trusted_packet_sequence_id: 1 track_event { type: TYPE_COUNTER"
                + " track_uuid: %s counter_value: 1 }".formatted(track),
            "timestamp: 2000 trusted_packet_sequence_id: 1 track_event { type: TYPE_COUNTER"
                + " track_uuid: %s counter_value: 4 }".formatted(track));
  }

  @Test
  void withoutSchedSwitchATaskRunsUntilAnotherOneShowsUp() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_mod", 0, 42, 1_000, "val", 1)
                .event("page_ref_mod", 0, 42, 2_000, "val", 1)
                .event("page_ref_mod", 0, 43, 3_000, "val", 1)
                .event("page_ref_mod", 1, 43, 4_000, "val", 1)
                .build());

    assertThat(states(packets))
        .containsExactly(
            "1000 cpu0 42 RUNNING",
            "3000 cpu0 42 RUNNABLE",
            "3000 cpu0 43 RUNNING",
            "4000 cpu0 43 RUNNABLE",
            "4000 cpu1 43 RUNNING");
  }

  @Test
  void withSchedSwitchNothingIsInferred() {
    List<String> packets =
        decode(
            gup()
                .event(
                    "sched_switch",
                    2,
                    42,
                    7,
                    "prev_comm",
                    "gup_test",
                    "prev_pid",
                    42,
                    "prev_prio",
                    120,
                    "prev_state",
                    2,
                    "next_comm",
                    "holder",
                    "next_pid",
                    43,
                    "next_prio",
                    100)
                .event("page_ref_mod", 2, 43, 3_000, "val", 1)
                .build());

    assertThat(states(packets)).isEmpty();
    assertThat(packets)
        .anyMatch(packet ->
            packet.contains(
                "cpu: 2 event { timestamp: 7 pid: 42 sched_switch { prev_comm: \"gup_test\""
                    + " prev_pid: 42 prev_prio: 120 prev_state: 2 next_comm: \"holder\""
                    + " next_pid: 43 next_prio: 100 } }"));
  }

  @Test
  void protocKnowsEveryFieldOfEveryEvent() {
    long seed = new Random().nextLong(1L << 32);
    TraceSource source = new RandomSource(seed).events(3_000);
    long events = countWithoutStacks(source);

    String text = String.join("\n", decode(source));

    assertThat(text.split("(generic|sched_switch) \\{", -1))
        .as("seed %d", seed)
        .hasSize((int) events + 1);
  }

  @Test
  void eachBufferHasItsOwnPages() {
    List<String> packets =
        decode(
            gup()
                .event("page_ref_mod", 0, 42, 1_000, "pfn", 5, "val", 1)
                .event("page_ref_mod", 0, 42, 2_000, "pfn", 5, "val", 1)
                .buffer("bad-run")
                .build());

    assertThat(String.join("\n", packets))
        .contains("name: \"pfn 0x5\"", "name: \"bad-run: pfn 0x5\"", "flow_ids: 1", "flow_ids: 2");
  }

  @Test
  void aRecordingWithoutPageRefEventsHasNoPages() {
    List<String> packets = decode(gup().event("print", 0, 42, 1_000, "buf", "hello").build());

    assertThat(packets).anyMatch(packet -> packet.contains("str_value: \"hello\""));
    assertThat(packets).noneMatch(packet -> packet.contains("track_descriptor"));
  }

  private static long countWithoutStacks(TraceSource source) {
    List<Integer> events = new ArrayList<>();
    StackJoin.forEach(
        source, new EventIds("built", source.events()), stacked -> events.add(events.size()));
    return events.size();
  }

  private static String trackOf(List<String> packets, String name) {
    return first(packets, "uuid: (\\d+) name: \"" + name + "\"").group(1);
  }

  private static List<String> slices(List<String> packets) {
    return all(packets, "timestamp: (\\d+) .*TYPE_SLICE_(BEGIN|END)(?:.* name: \"([^\"]*)\" flow)?")
        .map(match ->
            match.group(1) + (match.group(2).equals("END") ? " end" : " begin " + match.group(3)))
        .toList();
  }

  private static List<String> states(List<String> packets) {
    return all(packets, "timestamp: (\\d+) .*cpu: (\\d+) .*tid: (\\d+) state: TASK_STATE_(\\w+)")
        .map(match ->
            "%s cpu%s %s %s"
                .formatted(match.group(1), match.group(2), match.group(3), match.group(4)))
        .toList();
  }

  private static MatchResult first(List<String> packets, String pattern) {
    return all(packets, pattern).findFirst().orElseThrow();
  }

  private static Stream<MatchResult> all(List<String> packets, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return packets.stream().flatMap(packet -> compiled.matcher(packet).results());
  }

  private List<String> decode(TraceSource source) {
    Path file = folder.resolve("trace.pftrace");
    new PerfettoWriter().write(source, file);
    try (InputStream proto = getClass().getResourceAsStream("perfetto.proto")) {
      Files.write(folder.resolve("perfetto.proto"), Objects.requireNonNull(proto).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> lines =
        RealTool.named("protoc", "protobuf-compiler")
            .runOn(
                file, "--proto_path=" + folder, "--decode=perfetto.protos.Trace", "perfetto.proto")
            .out();
    assertThat(lines).noneMatch(line -> UNKNOWN_FIELD.matcher(line).matches());
    return packets(lines);
  }

  private static List<String> packets(List<String> lines) {
    List<String> packets = new ArrayList<>();
    StringBuilder packet = new StringBuilder();
    for (String line : lines) {
      if (line.equals("}")) {
        packets.add(packet.toString().strip());
        packet.setLength(0);
      } else if (!line.equals("packet {")) {
        packet.append(line.strip()).append(' ');
      }
    }
    return packets;
  }
}
