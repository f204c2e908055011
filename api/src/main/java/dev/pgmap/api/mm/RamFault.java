package dev.pgmap.api.mm;

/**
 * {@code struct vm_fault} of a CPU that touched device-private memory: the driver must bring the
 * page back. Valid only during the call that receives it.
 *
 * @param vma the area that the address lies in
 * @param address the address that was touched, rounded down to 4 KiB
 * @param pfn the device page that the entry at the address names
 * @param order the order of the entry: 0, or 9 for a huge one (6.19 on)
 */
public record RamFault(VmArea vma, long address, long pfn, int order) {}
