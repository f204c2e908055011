package dev.pgmap.bench.stress;

import dev.pgmap.core.sync.Sync;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A writer replaces an object, waits, and retires the old one: no read section sees it retired. */
@JCStressTest
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "the old object, in use")
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "the new object")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a retired object inside a read section")
@State
public class RcuStress {
  private final Sync sync = new Sync(2);
  private final Node first = new Node();
  private volatile Node current = first;

  private static final class Node {
    int retired;
  }

  /** Replaces the object, waits for readers, and retires the old one. */
  @Actor
  public void writer() {
    current = new Node();
    sync.rcu().synchronize();
    first.retired = 1;
  }

  /** Uses the object inside a read section. */
  @Actor
  public void reader(ZI_Result r) {
    int token = sync.rcu().readLock();
    Node seen = current;
    r.r1 = seen == first;
    r.r2 = seen.retired;
    sync.rcu().readUnlock(token);
  }
}
