package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Teardown drops the base reference of an idle page while somebody tries to get it. */
@JCStressTest
@Outcome(
    id = "true, false, false",
    expect = Expect.ACCEPTABLE,
    desc = "dropped first: no page to get")
@Outcome(id = "true, true, false", expect = Expect.ACCEPTABLE, desc = "got and put before")
@Outcome(
    id = "false, true, true",
    expect = Expect.ACCEPTABLE,
    desc = "got before, put after: the put frees")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "got a free page, or freed twice or never")
@State
public class TryGetAfterDropStress {
  private final Folio folio = new Folio(1, true);

  /** Tears down. */
  @Actor
  public void teardown(ZZZ_Result r) {
    r.r1 = folio.dropBase();
  }

  /** Gets, and puts if that worked. */
  @Actor
  public void user(ZZZ_Result r) {
    r.r2 = folio.tryGet();
    r.r3 = r.r2 && folio.put();
  }
}
