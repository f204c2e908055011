package dev.pgmap.core.mm;

import dev.pgmap.core.pgtable.Pte;

/** Device leaves that hold nothing: {@code vmf_insert_mixed} and {@code vmf_insert_pfn_pmd}. */
record DevmapEntries(String name, boolean setsMappingFirst) implements MappingPolicy {
  @Override
  public long leafBits() {
    return Pte.DEVMAP;
  }

  @Override
  public boolean accepts(MmContext context, long pfn, int order) {
    return true;
  }

  @Override
  public void enter(MmContext context, long pfn, int order) {}

  @Override
  public void leave(MmContext context, long pfn, int order) {}

  @Override
  public boolean holdsReference() {
    return false;
  }
}
