package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Pins and unpins of a compound page: no update of the pin count is lost. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one pin is left")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a lost update")
@State
public class PincountStress {
  private final Folio folio = new Folio(1, true);

  /** Pins twice. */
  @Actor
  public void one() {
    folio.pin();
    folio.pin();
  }

  /** Pins and unpins. */
  @Actor
  public void other() {
    folio.pin();
    folio.unpin();
  }

  /** The pin count, after one more unpin. */
  @Arbiter
  public void after(I_Result r) {
    folio.unpin();
    r.r1 = folio.pincount();
  }
}
