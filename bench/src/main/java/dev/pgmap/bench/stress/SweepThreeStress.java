package dev.pgmap.bench.stress;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The sweep against two users of an otherwise idle page: exactly one of the three frees it. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "freed once")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "freed twice, or never")
@State
public class SweepThreeStress {
  private final Folio folio = new Folio(1, true);
  private final AtomicInteger nrFrees = new AtomicInteger();

  /** The sweep. */
  @Actor
  public void sweep() {
    count(folio.dropBase());
  }

  /** A user. */
  @Actor
  public void one() {
    count(folio.tryGet() && folio.put());
  }

  /** A user. */
  @Actor
  public void other() {
    count(folio.tryGet() && folio.put());
  }

  private void count(boolean freed) {
    if (freed) {
      nrFrees.incrementAndGet();
    }
  }

  /** How often it was freed, and its count. */
  @Arbiter
  public void after(II_Result r) {
    r.r1 = nrFrees.get();
    r.r2 = folio.count();
  }
}
