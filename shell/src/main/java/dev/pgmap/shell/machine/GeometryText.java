package dev.pgmap.shell.machine;

import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.shell.format.Sizes;
import java.util.List;
import java.util.stream.Collectors;

/** A geometry in one line. */
final class GeometryText {
  private GeometryText() {}

  /** Its name and sizes, such as {@code x86-64, maps 4K 2M 1G, hugetlb 2M 1G}. */
  static String of(Geometry geometry) {
    return "%s, %s".formatted(geometry.name(), sizes(geometry));
  }

  static String sizes(Geometry geometry) {
    return "maps %s, hugetlb %s"
        .formatted(brief(geometry.mappingBytes()), brief(geometry.hugetlbBytes()));
  }

  private static String brief(List<Long> sizes) {
    return sizes.stream().map(Sizes::brief).collect(Collectors.joining(" "));
  }
}
