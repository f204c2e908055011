package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.PageLedger;
import java.nio.file.Path;

/**
 * Writes a Perfetto trace: every event, which task ran on which cpu, and for each page its count
 * and who held it from when to when, as the ledger pairs gets and puts.
 *
 * <p>It goes through the events once to see what there is, once to write them, and once for each
 * buffer's ledger.
 */
public final class PerfettoWriter implements TraceWriter {
  @Override
  public void write(TraceSource source, Path target) {
    EventIds ids = new EventIds(source.name(), source.events());
    Census census = Census.of(source);
    try (OutputFile out = OutputFile.create(target)) {
      PerfettoPackets packets = new PerfettoPackets(out);
      PerfettoEvents events = new PerfettoEvents(packets, source, !census.has("sched_switch"));
      StackJoin.forEach(source, ids, events::add);
      events.end();
      long flow = 1;
      for (String buffer : census.pageRefBuffers()) {
        PerfettoHolds holds = new PerfettoHolds(packets, source, buffer, flow);
        PageLedger.of(source, LedgerOptions.standard().withBuffer(buffer), holds);
        flow = holds.nextFlow();
      }
      out.commit();
    }
  }
}
