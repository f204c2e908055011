package dev.pgmap.core.gup;

/** Moves a page of device-coherent memory to RAM; the floor of migration does it. */
@FunctionalInterface
public interface CoherentMigration {
  /**
   * {@code migrate_device_coherent_folio}.
   *
   * @param headPfn the folio, of which the caller gives up one reference
   * @return false if it could not be moved; the reference is gone then too
   */
  boolean toRam(long headPfn);
}
