package dev.pgmap.api.mm;

/**
 * {@code struct vm_fault}: one attempt to map one address with an entry of one order.
 *
 * <p>Valid only during the call that receives it.
 */
public interface FaultRequest {
  /** The area that the address lies in. */
  VmArea vma();

  /** The address that was touched, rounded down to 4 KiB. */
  long address();

  /** The order of the entry asked for: 0 (PTE), 9 (PMD) or 18 (PUD) on x86-64. */
  int order();

  /** Whether the access is a write. */
  boolean isWrite();

  /** File offset of {@link #address} in 4 KiB pages. */
  long pgoff();

  /**
   * Maps the fault's order-aligned block to {@code pfn}: {@code dax_set_mapping} and {@code
   * vmf_insert_{mixed,pfn_pmd,pfn_pud}} or {@code vmf_insert_{page_mkwrite,folio_pmd,folio_pud}},
   * in the order and with the references of the era.
   *
   * @param pfn first pfn of the block, aligned to the order
   * @return a {@link VmFault} code
   */
  int insert(long pfn);
}
