package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads drop the last two references of a 0-based page: one put is final. */
@JCStressTest
@Outcome(
    id = {"true, false, 0", "false, true, 0"},
    expect = Expect.ACCEPTABLE,
    desc = "the later put is the final one")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "freed twice, or never")
@State
public class FinalPutStress {
  private final Folio folio = new Folio(2, false);

  /** Puts. */
  @Actor
  public void one(ZZI_Result r) {
    r.r1 = folio.put();
  }

  /** Puts. */
  @Actor
  public void other(ZZI_Result r) {
    r.r2 = folio.put();
  }

  /** The count in the end. */
  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = folio.count();
  }
}
