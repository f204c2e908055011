package dev.pgmap.api.mm;

/** {@code struct vm_area_struct} as a driver sees it. Immutable for the time of a call. */
public interface VmArea {
  /** First address. */
  long start();

  /** One past the last address. */
  long end();

  /** Offset into the file of {@link #start}, in 4 KiB pages. */
  long pgoff();

  /** Whether the mapping is shared ({@code VM_MAYSHARE}). */
  boolean isShared();

  /** Whether reads are allowed ({@code VM_READ}). */
  boolean isReadable();

  /** Whether writes are allowed ({@code VM_WRITE}). */
  boolean isWritable();
}
