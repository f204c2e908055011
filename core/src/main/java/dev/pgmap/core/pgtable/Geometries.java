package dev.pgmap.core.pgtable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.pgtable.Geometry.Level;
import java.util.List;

/**
 * The geometries that machines can be built with.
 *
 * <pre>
 * name               PTE      PMD      PUD      P4D     PGD      leaves
 * x86-64             4K/512   2M/512   1G/512   -       512G/512 4K 2M 1G
 * x86-64-la57        4K/512   2M/512   1G/512   512G    256T/512 4K 2M 1G
 * powerpc-radix-4k   4K/512   2M/512   1G/512   -       512G/8K  4K 2M 1G
 * powerpc-radix-64k  64K/32   2M/512   1G/512   -       512G/8K  64K 2M 1G
 * powerpc-hash-4k    4K/512   2M/128   256M/512 -       128G/512 4K, 8 PMDs 16M, 64 PUDs 16G
 * powerpc-hash-64k   64K/256  16M/1K   16G/1K   -       16T/256  64K 16M 16G
 * arm64-4k           4K/512   2M/512   1G/512   -       512G/512 4K 2M 1G, 16 PTEs 64K, 16 PMDs 32M
 * arm64-16k          16K/2K   32M/2K   -        -       64G/2K   16K 32M, 128 PTEs 2M, 32 PMDs 1G
 * arm64-64k          64K/8K   512M/8K  -        -       4T/64    64K 512M, 32 PTEs 2M, 32 PMDs 16G
 * </pre>
 *
 * <p>The sizes of hash with 4 KiB pages are contiguous groups here, as in kernels from 6.11 on;
 * before, a directory of its own (hugepd) stood in their place. A fault maps with what transparent
 * huge pages have on the architecture: PMD and PUD on x86-64 and radix, PMD on arm64 and on hash
 * with 64 KiB pages, none on hash with 4 KiB pages.
 */
public final class Geometries {
  private static final Level NO_LEVEL = new Level(0, 1, false, false, 1);
  private static final long SUBSECTION_BYTES = 2L << 20;
  private static final long HASH_LINEAR_PAGE_BYTES = 16L << 20;

  static final Geometry X86_64 =
      new Geometry(
          "x86-64",
          "x86-64, 4 levels",
          List.of(
              faulting(12, 512), faulting(21, 512), faulting(30, 512), folded(), upper(39, 512)),
          (1L << 47) - 4096,
          SUBSECTION_BYTES);

  static final Geometry X86_64_LA57 =
      new Geometry(
          "x86-64-la57",
          "x86-64, 5 levels",
          List.of(
              faulting(12, 512),
              faulting(21, 512),
              faulting(30, 512),
              upper(39, 512),
              upper(48, 512)),
          (1L << 56) - 4096,
          SUBSECTION_BYTES);

  private static final Geometry RADIX_4K =
      new Geometry(
          "powerpc-radix-4k",
          "powerpc radix, 4 levels, 4K pages",
          List.of(
              faulting(12, 512), faulting(21, 512), faulting(30, 512), folded(), upper(39, 8192)),
          1L << 52,
          SUBSECTION_BYTES);

  private static final Geometry RADIX_64K =
      new Geometry(
          "powerpc-radix-64k",
          "powerpc radix, 4 levels, 64K pages",
          List.of(
              faulting(16, 32), faulting(21, 512), faulting(30, 512), folded(), upper(39, 8192)),
          1L << 52,
          SUBSECTION_BYTES);

  private static final Geometry HASH_4K =
      new Geometry(
          "powerpc-hash-4k",
          "powerpc hash, 4 levels, 4K pages",
          List.of(
              faulting(12, 512), groups(21, 128, 8), groups(28, 512, 64), folded(), upper(37, 512)),
          1L << 46,
          HASH_LINEAR_PAGE_BYTES);

  private static final Geometry HASH_64K =
      new Geometry(
          "powerpc-hash-64k",
          "powerpc hash, 4 levels, 64K pages",
          List.of(
              faulting(16, 256), faulting(24, 1024), hugetlb(34, 1024), folded(), upper(44, 256)),
          1L << 52,
          HASH_LINEAR_PAGE_BYTES);

  private static final Geometry ARM64_4K =
      new Geometry(
          "arm64-4k",
          "arm64, 4 levels, 4K pages",
          List.of(
              faulting(12, 512, 16),
              faulting(21, 512, 16),
              hugetlb(30, 512),
              folded(),
              upper(39, 512)),
          1L << 48,
          SUBSECTION_BYTES);

  private static final Geometry ARM64_16K =
      new Geometry(
          "arm64-16k",
          "arm64, 3 levels, 16K pages",
          List.of(
              faulting(14, 2048, 128), faulting(25, 2048, 32), folded(), folded(), upper(36, 2048)),
          1L << 47,
          SUBSECTION_BYTES);

  private static final Geometry ARM64_64K =
      new Geometry(
          "arm64-64k",
          "arm64, 3 levels, 64K pages",
          List.of(
              faulting(16, 8192, 32), faulting(29, 8192, 32), folded(), folded(), upper(42, 64)),
          1L << 48,
          SUBSECTION_BYTES);

  private Geometries() {}

  private static Level faulting(int shift, int entries) {
    return faulting(shift, entries, 1);
  }

  private static Level faulting(int shift, int entries, int contiguous) {
    return new Level(shift, entries, true, true, contiguous);
  }

  private static Level hugetlb(int shift, int entries) {
    return new Level(shift, entries, true, false, 1);
  }

  private static Level groups(int shift, int entries, int contiguous) {
    return new Level(shift, entries, false, false, contiguous);
  }

  private static Level upper(int shift, int entries) {
    return new Level(shift, entries, false, false, 1);
  }

  private static Level folded() {
    return NO_LEVEL;
  }

  /** All of them; the standard one first. */
  public static List<Geometry> all() {
    return List.of(
        X86_64,
        X86_64_LA57,
        RADIX_4K,
        RADIX_64K,
        HASH_4K,
        HASH_64K,
        ARM64_4K,
        ARM64_16K,
        ARM64_64K);
  }

  /**
   * The geometry of that name.
   *
   * @throws MmException EINVAL that lists the names
   */
  public static Geometry named(String name) {
    for (Geometry geometry : all()) {
      if (geometry.name().equals(name)) {
        return geometry;
      }
    }
    throw new MmException(
        Errno.EINVAL,
        "geometry",
        "'" + name + "'",
        "one of " + String.join(", ", all().stream().map(Geometry::name).toList()),
        "");
  }
}
