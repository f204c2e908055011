package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Teardown drops the base reference while the last user puts: one of the two frees the page. */
@JCStressTest
@Outcome(
    id = {"true, false, 0", "false, true, 0"},
    expect = Expect.ACCEPTABLE,
    desc = "who came later frees it")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "freed twice, or never")
@State
public class DropBaseStress {
  private final Folio folio = new Folio(1, true);

  /** A user holds the page. */
  public DropBaseStress() {
    folio.tryGet();
  }

  /** Tears down. */
  @Actor
  public void teardown(ZZI_Result r) {
    r.r1 = folio.dropBase();
  }

  /** Puts. */
  @Actor
  public void user(ZZI_Result r) {
    r.r2 = folio.put();
  }

  /** The count in the end. */
  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = folio.count();
  }
}
