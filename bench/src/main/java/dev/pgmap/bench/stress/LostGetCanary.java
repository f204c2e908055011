package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two gets that read the count and write it back: jcstress must find the lost one. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both counted")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a lost get: must be found")
@State
public class LostGetCanary {
  private final Folio folio = new Folio(1, true);

  /** Gets. */
  @Actor
  public void one() {
    folio.getInTwoSteps();
  }

  /** Gets. */
  @Actor
  public void other() {
    folio.getInTwoSteps();
  }

  /** The count in the end. */
  @Arbiter
  public void after(I_Result r) {
    r.r1 = folio.count();
  }
}
