package dev.pgmap.core.phys;

/** What a part of the physical address space is, as far as the engine asks. */
public enum ResourceKind {
  SYSTEM_RAM,
  PERSISTENT_MEMORY,
  SOFT_RESERVED,
  /** Claimed by a driver. */
  DEVICE,
  OTHER
}
