package dev.pgmap.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One workload, both sides in turn: ours, peer, ours, peer. */
final class Comparison {
  private final PinCase workload;
  private final List<PinTimes> ours = new ArrayList<>();
  private final List<PinTimes> peer = new ArrayList<>();

  private Comparison(PinCase workload) {
    this.workload = workload;
  }

  static Comparison run(PinCase workload, Peer peer, int rounds)
      throws IOException, InterruptedException {
    Comparison result = new Comparison(workload);
    List<String> our = Child.java(PinRun.class, workload.toOptions());
    for (int i = 0; i < rounds; i++) {
      result.ours.add(PinTimes.parse(Child.run(our), workload.nrPages()));
      result.peer.add(PinTimes.parse(Child.run(peer.command(workload)), workload.nrPages()));
    }
    return result;
  }

  PinCase workload() {
    return workload;
  }

  Side pin() {
    return side(PinTimes::pin);
  }

  Side unpin() {
    return side(PinTimes::unpin);
  }

  private Side side(ToDoubleFunction<PinTimes> time) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(time.applyAsDouble(ours.get(i)) / time.applyAsDouble(peer.get(i)));
    }
    return new Side(spread(ours, time), spread(peer, time), Spread.of(ratios));
  }

  private static Spread spread(List<PinTimes> times, ToDoubleFunction<PinTimes> time) {
    return Spread.of(times.stream().map(time::applyAsDouble).toList());
  }

  /**
   * One half of a comparison; nanoseconds per page.
   *
   * @param ratio ours divided by the peer's, round by round
   */
  record Side(Spread ours, Spread peer, Spread ratio) {}
}
