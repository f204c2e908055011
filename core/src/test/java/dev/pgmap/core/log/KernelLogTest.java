package dev.pgmap.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.log.KernelLog.Entry;
import dev.pgmap.core.log.KernelLog.Level;
import dev.pgmap.core.sync.Clock;
import dev.pgmap.core.testing.Crew;
import org.junit.jupiter.api.Test;

class KernelLogTest {
  private static final int CAPACITY = 16_384;

  private final KernelLog log = new KernelLog(new Clock());

  @Test
  void messagesComeInOrderWithTheirLevels() {
    log.info("device %s", "dax0.0");
    log.warn("count %d", 3);
    log.bug("use of 0x%x", 0x70200);
    assertThat(log.entries())
        .extracting(Entry::text)
        .containsExactly("device dax0.0", "count 3", "use of 0x70200");
    assertThat(log.entries())
        .extracting(Entry::level)
        .containsExactly(Level.INFO, Level.WARN, Level.BUG);
    assertThat(log.nrWarnings()).isEqualTo(2);
    assertThat(log.entries()).isSortedAccordingTo((a, b) -> Long.compare(a.nanos(), b.nanos()));
  }

  @Test
  void anEntryReadsLikeALineOfDmesg() {
    assertThat(new Entry(12_345_678_901L, Level.WARN, "x"))
        .hasToString("[   12.345678] WARNING: x");
    assertThat(new Entry(1_000, Level.INFO, "x")).hasToString("[    0.000001] x");
    assertThat(new Entry(0, Level.BUG, "x")).hasToString("[    0.000000] BUG: x");
  }

  @Test
  void aTextWithoutArgumentsIsNotAFormat() {
    log.info("100% of it");
    assertThat(log.entries()).extracting(Entry::text).containsExactly("100% of it");
  }

  @Test
  void warnOnceWarnsOncePerKeyAndStaysSilentAfterClear() {
    log.warnOnce("ram", "first");
    log.warnOnce("ram", "second");
    log.clear();
    log.warnOnce("ram", "third");
    log.warnOnce("altmap", "other");
    assertThat(log.entries()).extracting(Entry::text).containsExactly("other");
    assertThat(log.nrWarnings()).isEqualTo(2);
  }

  @Test
  void aFullRingDropsTheOldestAndSaysSo() {
    for (int i = 0; i < CAPACITY + 10; i++) {
      log.warn("%d", i);
    }
    assertThat(log.entries()).hasSize(CAPACITY);
    assertThat(log.entries().getFirst().text()).isEqualTo("10");
    assertThat(log.nrDropped()).isEqualTo(10);
    assertThat(log.nrWarnings()).isEqualTo(CAPACITY + 10);
  }

  @Test
  void nothingIsLostWhenManyThreadsLog() throws Exception {
    new Crew()
        .add(
            4,
            () -> {
              for (int i = 0; i < 1000; i++) {
                log.warn("a");
                log.warnOnce("key", "once");
              }
            })
        .runAll();
    assertThat(log.entries()).hasSize(4001);
    assertThat(log.entries()).filteredOn(e -> e.text().equals("once")).hasSize(1);
    assertThat(log.nrWarnings()).isEqualTo(4001);
  }
}
