package dev.pgmap.trace.hist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What kernel people type first, on a recording of a kernel: 16 references to one page stayed in a
 * pipe when its namespace was destroyed.
 */
class RealLeakTest {
  private static final String GET = "page_ref:page_ref_mod_unless";
  private static final String PUT = "page_ref:page_ref_mod_and_test";

  private TraceSource source = new SourceBuilder().build();
  private TriggerSet set = SourceTriggers.setOf(source);

  @BeforeEach
  void read() throws IOException {
    String name = "kernel-6.12-held.txt.gz";
    try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      String text =
          new String(new GZIPInputStream(file).readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining("\n"));
      source = new SourceBuilder().comm(108, "zdtool").text(text).build();
    }
    set = SourceTriggers.setOf(source);
  }

  @Test
  void theNetSumOfAPageIsWhatLeaked() {
    set.write(GET, "hist:name=refs:keys=pfn.hex:vals=val:sort=val if ret != 0");
    set.write(PUT, "hist:name=refs:keys=pfn.hex:vals=val:sort=val");

    SourceTriggers.run(source, set);

    assertThat(set.histFile(PUT))
        .isEqualTo(
            """
            # event histogram
            #
            # trigger info: hist:refs:keys=pfn.hex:vals=hitcount,val:sort=val:size=2048 [active]
            #

            { pfn: 70200 } hitcount:         48  val:         16

            Totals:
                Hits: 48
                Entries: 1
                Dropped: 0
            """);
  }

  @Test
  void tasksAndPagesTogether() {
    set.write(GET, "hist:keys=common_pid.execname,pfn.hex");
    set.write(PUT, "hist:keys=common_pid if pfn==0x70200 && val<0");

    SourceTriggers.run(source, set);

    assertThat(set.histFile(GET))
        .contains(
            "{ common_pid: zdtool          [       108], pfn: 70200 } hitcount:         32\n");
    assertThat(set.histFile(PUT)).contains("{ common_pid:        108 } hitcount:         16\n");
  }

  @Test
  void howLongReferencesWereHeld() {
    set.write(GET, "hist:keys=pfn:taken=common_timestamp.usecs");
    set.write(PUT, "hist:keys=pfn:held=common_timestamp.usecs-$taken:onmax($held).save(val,ret)");

    SourceTriggers.run(source, set);

    assertThat(set.histFile(PUT)).contains("\tmax:         42  val:         -1  ret:          0\n");
  }
}
