package dev.pgmap.trace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.pairing.Holding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The ledger against the truth of made-up histories. */
class RandomHistoryTest {
  private static final int HISTORIES = 500;
  private static final int STEPS = 150;

  /** Of a thousand histories, those whose order the ledger may give up on; it says so. */
  private static final int GIVEN_UP_OF_THOUSAND = 5;

  /** What a ledger says of a history. */
  private record Said(
      Map<String, Integer> all, Map<Long, Integer> refs, Set<Long> unsure, boolean gaveUp) {}

  private static Said ledgerOf(RandomHistory history) {
    LedgerOptions options =
        LedgerOptions.standard()
            .withPairs(RandomHistory.PAIRS)
            .withWindow(RandomHistory.MAX_DELAY + 1);
    try (TraceSource source = history.source()) {
      PageLedger ledger = PageLedger.of(source, options);
      List<Anomaly> anomalies = ledger.report().anomalies();
      assertThat(anomalies).noneMatch(anomaly -> anomaly.kind().isError());
      Said said = new Said(new TreeMap<>(), new HashMap<>(), new HashSet<>(), !anomalies.isEmpty());
      ledger.forEachOutstanding(one -> {
        said.refs.merge(one.pfn(), one.refs(), Integer::sum);
        if (one.holding() != Holding.ENGINE) {
          String how = ledger.stacks().names(one.stack(), source.symbols()).getFirst();
          boolean pin = one.kind() == HoldKind.PIN;
          said.all.merge(
              RandomHistory.key(one.pfn(), one.pid(), pin, how), one.amount(), Integer::sum);
        }
        if (one.certainty() != Certainty.SURE) {
          said.unsure.add(one.pfn());
        }
      });
      return said;
    }
  }

  private static Map<String, Integer> without(Map<String, Integer> all, Set<Long> pfns) {
    Map<String, Integer> rest = new TreeMap<>(all);
    rest.keySet()
        .removeIf(key -> pfns.contains(Long.parseLong(key.substring(0, key.indexOf(' ')), 16)));
    return rest;
  }

  @Test
  void whatIsSureIsTrueWhateverTheOrderOfStamps() {
    long first = new Random().nextLong();
    int sure = 0;
    int gaveUp = 0;
    for (long seed = first; seed < first + HISTORIES; seed++) {
      RandomHistory history = new RandomHistory(seed, STEPS);
      Said said = ledgerOf(history);
      assertThat(without(said.all, said.unsure))
          .as("seed %d", seed)
          .isEqualTo(without(history.truth(), said.unsure));
      sure += 3 - said.unsure.size();
      gaveUp += said.gaveUp ? 1 : 0;
    }
    assertThat(sure).as("pages that are sure, from seed %d", first).isGreaterThan(HISTORIES / 4);
    assertThat(gaveUp)
        .as("histories given up, from seed %d", first)
        .isLessThanOrEqualTo(HISTORIES * GIVEN_UP_OF_THOUSAND / 1000);
  }

  @Test
  void asMuchIsOutstandingAsTheCountSays() {
    long first = new Random().nextLong();
    for (long seed = first; seed < first + HISTORIES; seed++) {
      RandomHistory history = new RandomHistory(seed, STEPS);
      // Only this page was created in the recording.
      long pfn = 0x1000;
      Said said = ledgerOf(history);
      if (said.gaveUp) {
        continue;
      }
      assertThat(said.refs.getOrDefault(pfn, 0))
          .as("seed %d", seed)
          .isEqualTo(history.counts().get(pfn));
    }
  }
}
