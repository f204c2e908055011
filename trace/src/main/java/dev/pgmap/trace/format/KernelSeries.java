package dev.pgmap.trace.format;

import java.util.List;

/**
 * The kernels whose formats we know field by field: each stands for those from its version up to
 * the next one's. What they differ in is stated here and nowhere else.
 */
public enum KernelSeries {
  /** Up to 5.19. */
  V5_10(
      new FormatTraits(
          PageRefFormats.FLAGS_TO_6_1,
          DaxFormats.INO_LONG,
          FaultNames.FLAGS_TO_6_1,
          FaultNames.RESULTS_TO_6_1,
          "struct page * zero_page",
          true,
          MigrateFormats.REASONS_5_10,
          false,
          false,
          FailureFormats.TYPES_5_10,
          FtraceFormats.V5_10)),
  /** 6.0 to 6.11. */
  V6_1(
      new FormatTraits(
          PageRefFormats.FLAGS_TO_6_1,
          DaxFormats.INO_LONG,
          FaultNames.FLAGS_TO_6_1,
          FaultNames.RESULTS_TO_6_1,
          "struct page * zero_page",
          true,
          MigrateFormats.REASONS_6_1,
          true,
          false,
          FailureFormats.TYPES_6_1,
          FtraceFormats.V6_1)),
  /** 6.12 to 6.19. */
  V6_12(
      new FormatTraits(
          PageRefFormats.FLAGS_6_12,
          DaxFormats.INO_LONG,
          FaultNames.FLAGS,
          FaultNames.RESULTS,
          "struct folio * zero_folio",
          true,
          MigrateFormats.REASONS,
          true,
          true,
          FailureFormats.TYPES_6_12,
          FtraceFormats.V6_1)),
  /** From 7.0. */
  V7_2(
      new FormatTraits(
          PageRefFormats.FLAGS,
          DaxFormats.INO_U64,
          FaultNames.FLAGS,
          FaultNames.RESULTS,
          "struct folio * zero_folio",
          false,
          MigrateFormats.REASONS,
          true,
          true,
          FailureFormats.TYPES,
          FtraceFormats.V7_2));

  private final FormatTraits traits;

  KernelSeries(FormatTraits traits) {
    this.traits = traits;
  }

  FormatTraits traits() {
    return traits;
  }

  /**
   * The series that a kernel release belongs to.
   *
   * @param release such as {@code 6.1} or {@code 7.2.13}
   * @throws IllegalArgumentException if it is not two numbers with a dot between, at least
   */
  public static KernelSeries of(String release) {
    String[] parts = release.split("[.-]", 3);
    if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          "kernel release '%s': expected such as 6.12".formatted(Excerpt.of(release)));
    }
    int major = Integer.parseInt(parts[0]);
    if (major < 6) {
      return V5_10;
    }
    if (major > 6) {
      return V7_2;
    }
    return Integer.parseInt(parts[1]) < 12 ? V6_1 : V6_12;
  }

  /** What the formats of the series differ in. */
  record FormatTraits(
      List<String> pageFlags,
      DaxFormats.Inode inode,
      List<FaultNames.Named> faultFlags,
      List<FaultNames.Named> faultResults,
      String zeroPage,
      boolean insertMapping,
      List<String> migrateReasons,
      boolean migrationEntries,
      boolean largeFolioSplit,
      List<String> failureTypes,
      FtraceFormats.Variant ftrace) {}
}
