package dev.pgmap.bench.stress;

import dev.pgmap.core.page.RefUnderflow;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two puts of one reference: one is refused, and the page is as it should be. */
@JCStressTest
@Outcome(
    id = {"true, false, 1", "false, true, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "one of the two is refused")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "a put without a get went through, or both were refused")
@State
public class UnderflowStress {
  private final Folio folio = new Folio(1, true);

  /** One user holds the page. */
  public UnderflowStress() {
    folio.tryGet();
  }

  private boolean isRefused() {
    try {
      folio.put();
      return false;
    } catch (RefUnderflow e) {
      return true;
    }
  }

  /** Puts. */
  @Actor
  public void one(ZZI_Result r) {
    r.r1 = isRefused();
  }

  /** Puts. */
  @Actor
  public void other(ZZI_Result r) {
    r.r2 = isRefused();
  }

  /** The count in the end. */
  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = folio.count();
  }
}
