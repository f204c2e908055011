package dev.pgmap.core.fsdax;

import dev.pgmap.core.failure.MemoryFailure;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MmContext;

/**
 * What the DAX files of one machine are built on. Thread-safe.
 *
 * @param mm memory, struct pages and their counts
 * @param spaces the numbers of files that struct pages name
 * @param failure what is done about pages that fail
 * @param policies what this kernel differs in
 * @param waits where waiters for entries sleep
 * @param zeroes the pages that holes are read from
 */
public record FsDaxContext(
    MmContext mm,
    AddressSpaces spaces,
    MemoryFailure failure,
    FsDaxPolicies policies,
    EntryWaits waits,
    ZeroPages zeroes) {

  /** The context of a machine with these policies. */
  public FsDaxContext(
      MmContext mm, AddressSpaces spaces, MemoryFailure failure, FsDaxPolicies policies) {
    this(mm, spaces, failure, policies, new EntryWaits(), new ZeroPages(mm));
  }

  Association.Pages pages() {
    return new Association.Pages(mm.pages(), mm.refs(), mm.log());
  }
}
