package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A driver's ops that do the usual and write down which of them were called, and by whom. */
class RecordingOps implements DevPagemapOps {
  final List<String> calls = new CopyOnWriteArrayList<>();

  @Override
  public void pageFree(Pagemap pgmap, long pfn) {
    calls.add("page_free 0x%x".formatted(pfn));
  }

  @Override
  public void folioFree(Pagemap pgmap, long headPfn, int order) {
    calls.add("folio_free 0x%x order %d".formatted(headPfn, order));
  }

  @Override
  public void kill(Pagemap pgmap) {
    calls.add(pgmap.ref().isDying() ? "kill of a dying pgmap" : "kill");
    pgmap.ref().kill();
  }

  @Override
  public void cleanup(Pagemap pgmap) {
    calls.add(pgmap.ref().isDying() ? "cleanup" : "cleanup of a live pgmap");
    pgmap.ref().awaitIdle();
  }
}
