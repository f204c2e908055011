package dev.pgmap.core.mm;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageLocks;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.sync.Sync;
import java.util.function.IntSupplier;

/**
 * What the address spaces of one machine are built on.
 *
 * @param sync the machine's ordering
 * @param log where warnings go
 * @param memory the bytes behind physical addresses
 * @param pages the struct pages
 * @param refs the counts of the struct pages
 * @param put how references are dropped
 * @param ram page frames for anonymous memory; they have struct pages
 * @param geometry the shape of page tables
 * @param walker who goes over page tables
 * @param mappingPolicy what mapping does to a device page
 * @param files the numbers of files that struct pages name
 * @param ordinary what there is for ordinary memory
 * @param devices what is needed for pages that a device owns
 * @param pids hands out process ids; thread-safe, never the same one twice
 */
public record MmContext(
    Sync sync,
    KernelLog log,
    PhysicalMemory memory,
    StructPages pages,
    PageRefs refs,
    PagePut put,
    Ram ram,
    Geometry geometry,
    TableWalker walker,
    MappingPolicy mappingPolicy,
    AddressSpaces files,
    OrdinaryMemory ordinary,
    MmDevices devices,
    IntSupplier pids) {
  /** The locks of its pages. */
  public PageLocks locks() {
    return devices.locks();
  }

  /** Its pgmaps. */
  public Pagemaps pagemaps() {
    return devices.pagemaps();
  }

  /** The rules of its kernel for swap-like entries. */
  public SwapPolicies swap() {
    return devices.swap();
  }
}
