package dev.pgmap.core.mm;

/** What {@link Mm#madvise} can be told: {@code MADV_*}. */
public enum MemoryAdvice {
  /** The contents are not needed: private memory reads as zeroes, files are read afresh. */
  DONTNEED,
  /** The contents may be dropped, unless they are written again; private memory only. */
  FREE,
  /** Huge pages are welcome. */
  HUGEPAGE,
  /** No huge pages. */
  NOHUGEPAGE,
  /** A fork leaves the range out. */
  DONTFORK,
  /** A fork copies it, as usual. */
  DOFORK,
  /** Fault all pages in for reading. */
  POPULATE_READ,
  /** Fault all pages in for writing. */
  POPULATE_WRITE
}
