package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.Set;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param scheme how free pages are counted, and what follows when one becomes free
 * @param hold who holds {@code pgmap->ref}
 * @param kill who kills and waits for it
 * @param freeCallback which op hears of a page that became free
 * @param compound whether {@code vmemmap_shift} exists (5.17 on); without it every page is a base
 *     page
 * @param shape which struct pages of a compound have memory of their own
 * @param resizable the types whose pages become folios of other orders and base pages again while
 *     the pgmap is live: FS_DAX from 6.15 on, PRIVATE from 6.19 on
 * @param types the types that exist
 * @param managedKey whether puts look for managed pages only while a pgmap has some; else always
 */
public record PagemapPolicies(
    RefcountScheme scheme,
    PagemapHold hold,
    KillStyle kill,
    FreeCallback freeCallback,
    boolean compound,
    VmemmapShape shape,
    Set<MemoryType> resizable,
    Set<MemoryType> types,
    boolean managedKey) {

  /** Copies the sets. */
  public PagemapPolicies {
    resizable = Set.copyOf(resizable);
    types = Set.copyOf(types);
  }

  /** The same with another scheme. */
  public PagemapPolicies withScheme(RefcountScheme other) {
    return new PagemapPolicies(
        other, hold, kill, freeCallback, compound, shape, resizable, types, managedKey);
  }

  /** The same with another holder of {@code pgmap->ref}. */
  public PagemapPolicies withHold(PagemapHold other) {
    return new PagemapPolicies(
        scheme, other, kill, freeCallback, compound, shape, resizable, types, managedKey);
  }

  /** The same with another way to kill it. */
  public PagemapPolicies withKill(KillStyle other) {
    return new PagemapPolicies(
        scheme, hold, other, freeCallback, compound, shape, resizable, types, managedKey);
  }

  /** The same with another op that hears of free pages. */
  public PagemapPolicies withFreeCallback(FreeCallback other) {
    return new PagemapPolicies(
        scheme, hold, kill, other, compound, shape, resizable, types, managedKey);
  }

  /** The same with compound pages, or without. */
  public PagemapPolicies withCompound(boolean other) {
    return new PagemapPolicies(
        scheme, hold, kill, freeCallback, other, shape, resizable, types, managedKey);
  }

  /** The same with another layout of struct pages. */
  public PagemapPolicies withShape(VmemmapShape other) {
    return new PagemapPolicies(
        scheme, hold, kill, freeCallback, compound, other, resizable, types, managedKey);
  }

  /** The same with other types whose folios change their order. */
  public PagemapPolicies withResizable(Set<MemoryType> other) {
    return new PagemapPolicies(
        scheme, hold, kill, freeCallback, compound, shape, other, types, managedKey);
  }

  /** The same with other types. */
  public PagemapPolicies withTypes(Set<MemoryType> other) {
    return new PagemapPolicies(
        scheme, hold, kill, freeCallback, compound, shape, resizable, other, managedKey);
  }

  /** The same with the static key, or without. */
  public PagemapPolicies withManagedKey(boolean other) {
    return new PagemapPolicies(
        scheme, hold, kill, freeCallback, compound, shape, resizable, types, other);
  }
}
