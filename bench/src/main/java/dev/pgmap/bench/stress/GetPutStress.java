package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads get and put a 1-based page: no update is lost, no put is final. */
@JCStressTest
@Outcome(id = "false, false, 1", expect = Expect.ACCEPTABLE, desc = "idle again")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "a lost update, or a put that freed a page that has its base reference")
@State
public class GetPutStress {
  private final Folio folio = new Folio(1, true);

  /** Gets and puts. */
  @Actor
  public void one(ZZI_Result r) {
    r.r1 = folio.tryGet() && folio.put();
  }

  /** Gets and puts. */
  @Actor
  public void other(ZZI_Result r) {
    r.r2 = folio.tryGet() && folio.put();
  }

  /** The count in the end. */
  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = folio.count();
  }
}
