package dev.pgmap.bench.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A fault makes a page part of a file: who sees the file sees the offset in it. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not yet")
@Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "the offset comes first")
@Outcome(id = "4, 7", expect = Expect.ACCEPTABLE, desc = "published")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a file without its offset")
@State
public class MappingStress {
  private final Folio folio = new Folio(1, true);

  /** Publishes. */
  @Actor
  public void fault() {
    folio.publish(4, 7);
  }

  /** Looks. */
  @Actor
  public void reader(JJ_Result r) {
    r.r1 = folio.mapping();
    r.r2 = folio.index();
  }
}
