package dev.pgmap.bench.stress;

import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.sync.Sync;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * A fast walk takes a page while its entry is cleared: whoever waited afterwards sees the
 * reference.
 */
@JCStressTest
@Outcome(id = "2, true", expect = Expect.ACCEPTABLE, desc = "taken before the entry went, and seen")
@Outcome(id = "1, false", expect = Expect.ACCEPTABLE, desc = "not taken, and nobody is seen")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "a reference that teardown did not see, or one that stayed")
@State
public class FastWalkStress {
  private static final long ADDRESS = 0x7f00_0000_0000L;
  private static final long ENTRY = Pte.of(Folio.PFN, Pte.PRESENT | Pte.RW | Pte.USER);

  private final Sync sync = new Sync(2);
  private final PageTables tables = new PageTables(Geometry.x86(4));
  private final Folio folio = new Folio(1, true);

  /** The page is mapped. */
  public FastWalkStress() {
    tables.insertLeaf(ADDRESS, Geometry.PTE, ENTRY);
  }

  /** Clears the entry, waits, and looks at the count, as whoever frees the memory does. */
  @Actor
  public void zap(IZ_Result r) {
    tables.clearRange(ADDRESS, ADDRESS + 4096, (address, level, entry) -> {});
    sync.rcu().synchronize();
    r.r1 = folio.count();
  }

  /** The fast walk: entry, reference, and the entry again. */
  @Actor
  public void walk(IZ_Result r) {
    int token = sync.rcu().readLock();
    PageTable table = tables.lowestTable(ADDRESS);
    int index = table.index(ADDRESS);
    long entry = table.loadAcquire(index);
    if (Pte.isLeaf(entry, table.level()) && folio.tryGet()) {
      r.r2 = table.loadAcquire(index) == entry;
      if (!r.r2) {
        folio.put();
      }
    }
    sync.rcu().readUnlock(token);
  }
}
