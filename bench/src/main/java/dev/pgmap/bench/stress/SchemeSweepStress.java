package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * A page that is in use goes from 1-based to 0-based while another user comes and goes. Nothing
 * blocks, no put is final, and only the base reference is gone in the end.
 */
@JCStressTest
@Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "one user left, 0-based")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "the sweep lost a reference or freed the page")
@State
public class SchemeSweepStress {
  private final Folio folio = new Folio(1, true);

  /** A user holds the page all the time. */
  public SchemeSweepStress() {
    folio.tryGet();
  }

  /** The sweep. */
  @Actor
  public void sweep(ZZI_Result r) {
    r.r1 = folio.dropBase();
  }

  /** Another user: gets, and puts without freeing. */
  @Actor
  public void user(ZZI_Result r) {
    r.r2 = folio.tryGet() && !folio.put();
  }

  /** The count in the end. */
  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = folio.count();
  }
}
