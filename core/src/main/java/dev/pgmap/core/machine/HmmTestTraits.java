package dev.pgmap.core.machine;

/**
 * Which tests the hmm-tests of a kernel have, beside those that all have.
 *
 * @param variants whether each test runs on private and on coherent memory (6.0 on)
 * @param exclusive tests of pages that a device uses alone (5.12 on)
 * @param newer tests of releasing devices, of pins and of copy on write (6.0, 6.1 on)
 * @param privateFiles the test of private mappings of files (some kernels)
 * @param huge tests of huge pages (6.19 on)
 * @param tellsHugetlbSize whether the program says first which huge pages it found (7.2)
 */
public record HmmTestTraits(
    boolean variants,
    boolean exclusive,
    boolean newer,
    boolean privateFiles,
    boolean huge,
    boolean tellsHugetlbSize) {
  /** 5.10. */
  public static final HmmTestTraits ONE_KIND =
      new HmmTestTraits(false, false, false, false, false, false);

  /** 5.12 to 5.19. */
  public static final HmmTestTraits EXCLUSIVE =
      new HmmTestTraits(false, true, false, false, false, false);

  /** 6.1 to 6.18. */
  public static final HmmTestTraits TWO_KINDS =
      new HmmTestTraits(true, true, true, true, false, false);

  /** 7.0. */
  public static final HmmTestTraits HUGE = new HmmTestTraits(true, true, true, false, true, false);

  /** 7.2. */
  public static final HmmTestTraits HUGE_AND_FILES =
      new HmmTestTraits(true, true, true, true, true, true);
}
