package dev.pgmap.bench.stress;

import dev.pgmap.core.sync.PercpuRef;
import dev.pgmap.core.sync.Sync;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A reference is killed while somebody takes and drops one: it is released once, after the last
 * put.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "released once, by whoever was last")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "released early, twice or never")
@State
public class PercpuRefStress {
  private final Sync sync = new Sync(2);
  private final AtomicInteger nrReleases = new AtomicInteger();
  private final AtomicInteger nrEarly = new AtomicInteger();
  private final AtomicInteger nrHeld = new AtomicInteger();
  private final PercpuRef ref = new PercpuRef(sync, this::release, text -> nrEarly.addAndGet(100));

  private void release() {
    nrReleases.incrementAndGet();
    nrEarly.addAndGet(nrHeld.get());
  }

  /** Kills. */
  @Actor
  public void kill() {
    ref.kill();
  }

  /** Takes and drops a reference. */
  @Actor
  public void user() {
    if (ref.tryGetLive()) {
      nrHeld.incrementAndGet();
      nrHeld.decrementAndGet();
      ref.put(1);
    }
  }

  /** How often it was released, and how often too early. */
  @Arbiter
  public void after(II_Result r) {
    r.r1 = nrReleases.get();
    r.r2 = nrEarly.get();
  }
}
