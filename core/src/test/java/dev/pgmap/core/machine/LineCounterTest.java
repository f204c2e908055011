package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.LineCounter.Lines;
import dev.pgmap.core.machine.LineCounter.Medium;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.Mapping;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lines of struct pages that a kernel touches for the operations of the second seed: 4 MiB pinned
 * with 512 pages a call, and dropped in one call.
 */
class LineCounterTest extends DevdaxTest {
  private static final int WRITE = FollFlag.WRITE;

  private DevdaxMachine m;
  private LineCounter counter;
  private Gup gup;
  private Mapping mapping;

  private void given(String era, long align, MapLocation map) {
    m = boot(era);
    m.create(0, align, map);
    mapping = m.map(0, 4 * MIB).touch();
    counter = new LineCounter(m.machine.pagemaps());
    gup = m.machine.meteredGup(counter);
  }

  private static Medium medium(MapLocation map) {
    return map == MapLocation.DEV ? Medium.PMEM : Medium.DRAM;
  }

  private void assertLines(MapLocation map, Lines before, long read, long written) {
    assertThat(counter.lines(medium(map)).since(before)).isEqualTo(new Lines(read, written));
    Medium other = map == MapLocation.DEV ? Medium.DRAM : Medium.PMEM;
    assertThat(counter.lines(other)).as("the other medium").isEqualTo(new Lines(0, 0));
  }

  private long[] pinAll(int perCall) {
    long[] pfns = new long[1024];
    for (int at = 0; at < 1024; at += perCall) {
      assertThat(
              gup.pinUserPagesFast(mapping.task().mm(), mapping.at(at), perCall, WRITE, pfns, at))
          .isEqualTo(perCall);
    }
    return pfns;
  }

  @ParameterizedTest(name = "{0}, align {1}, map {2}")
  @CsvSource({
    "5.10,4096,MEM",
    "5.10,4096,DEV",
    "5.10,2097152,MEM",
    "5.17,4096,MEM",
    "6.1,4096,DEV",
    "6.12,4096,MEM",
    "7.2,4096,MEM",
    "7.2,4096,DEV"
  })
  void basePagesAreWrittenOnceForAPinAndOnceForAnUnpin(String era, long align, MapLocation map) {
    given(era, align, map);

    long[] pfns = pinAll(512);
    assertLines(map, new Lines(0, 0), 0, 1024);
    Lines pinned = counter.lines(medium(map));
    gup.unpinUserPages(pfns, 0, 1024);
    assertLines(map, pinned, 0, 1024);
  }

  @ParameterizedTest(name = "{0}, map {1}")
  @CsvSource({"5.17,MEM", "6.1,MEM", "6.1,DEV", "6.12,DEV"})
  void compoundsArePinnedPageByPageUntilDevmapIsGone(String era, MapLocation map) {
    given(era, 2 * MIB, map);

    long[] pfns = pinAll(512);
    assertLines(map, new Lines(0, 0), 1024, 4);
    Lines pinned = counter.lines(medium(map));
    gup.unpinUserPages(pfns, 0, 1024);
    assertLines(map, pinned, 1024, 4);
  }

  @ParameterizedTest(name = "{0} pages per call, map {1}")
  @CsvSource({"512,MEM", "512,DEV", "64,MEM", "1,DEV"})
  void era72TouchesThreeLinesForALeafAndCall(int perCall, MapLocation map) {
    given("7.2", 2 * MIB, map);
    int nrCalls = 1024 / perCall;

    long[] pfns = pinAll(perCall);
    assertLines(map, new Lines(0, 0), nrCalls, 2L * nrCalls);
    Lines pinned = counter.lines(medium(map));
    gup.unpinUserPages(pfns, 0, 1024);
    assertLines(map, pinned, 1024, 4);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10", "6.1", "7.2"})
  void whatIsNotTakenIsNotCounted(String era) {
    given(era, PAGE, MapLocation.MEM);
    mapping.unmap();
    int flags = WRITE | FollFlag.FAST_ONLY;

    gup.pinUserPagesFast(mapping.task().mm(), mapping.start(), 512, flags, new long[512], 0);

    assertLines(MapLocation.MEM, new Lines(0, 0), 0, 0);
  }
}
