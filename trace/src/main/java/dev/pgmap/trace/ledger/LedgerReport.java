package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.pairing.Holding;
import java.util.List;

/**
 * What is outstanding at the end of a recording, what should not have happened, and who waits.
 *
 * @param summary what it was made of
 * @param groups what was acquired in the recording and not released, the most pages first
 * @param before pages of which something is held from before the recording
 * @param heldBefore how many references that is
 * @param anomalies what should not have happened, errors first
 * @param waits who waits for pages at the end, and what was removed
 */
public record LedgerReport(
    TraceSummary summary,
    List<OutstandingGroup> groups,
    PfnRanges before,
    long heldBefore,
    List<Anomaly> anomalies,
    List<Wait> waits) {
  /** A report. */
  public LedgerReport {
    groups = List.copyOf(groups);
    anomalies = List.copyOf(anomalies);
    waits = List.copyOf(waits);
  }

  /** The groups of one meaning. */
  public List<OutstandingGroup> of(Holding holding) {
    return groups.stream().filter(group -> group.holding() == holding).toList();
  }

  /** Whether somebody holds pages, or an error of the traced system was found. */
  public boolean hasFindings() {
    return !of(Holding.USER).isEmpty()
        || anomalies.stream().anyMatch(anomaly -> anomaly.kind().isError());
  }
}
