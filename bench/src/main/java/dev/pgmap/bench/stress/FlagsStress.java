package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Two threads set two flags of one word: both are set. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "both are set")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a lost flag")
@State
public class FlagsStress {
  private final Folio folio = new Folio(1, true);

  /** Sets one flag. */
  @Actor
  public void one() {
    folio.markReferenced();
  }

  /** Sets the other. */
  @Actor
  public void other() {
    folio.markDirty();
  }

  /** Whether both are set. */
  @Arbiter
  public void after(Z_Result r) {
    r.r1 = folio.isReferencedAndDirty();
  }
}
