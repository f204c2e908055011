package dev.pgmap.core.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the diagram in the Javadoc of {@link PageLayout} against its constants. */
class PageLayoutTest {
  private static final Path SOURCE = Path.of("src/main/java/dev/pgmap/core/page/PageLayout.java");
  private static final Pattern ROW =
      Pattern.compile(" \\* +(\\d+) +(\\d+)  (.{24})  (.{31})  (.*)");

  private record Row(long offset, long bytes, String head, String page1, String tail) {}

  private static List<Row> rows() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(SOURCE)) {
      Matcher m = ROW.matcher(String.format("%-100s", line));
      if (line.contains("</pre>")) {
        break;
      }
      if (m.matches()) {
        rows.add(
            new Row(
                Long.parseLong(m.group(1)),
                Long.parseLong(m.group(2)),
                m.group(3).strip(),
                m.group(4).strip(),
                m.group(5).strip()));
      }
    }
    return rows;
  }

  @Test
  void theDiagramCoversTheRecordWithoutGapsOrOverlaps() throws Exception {
    long next = 0;
    for (Row row : rows()) {
      assertThat(row.offset()).as("%s", row).isEqualTo(next);
      assertThat(row.bytes()).isIn(4L, 8L);
      next += row.bytes();
    }
    assertThat(next).isEqualTo(PageLayout.RECORD_BYTES).isEqualTo(64);
  }

  @Test
  void theDiagramNamesEveryFieldAtItsOffset() throws Exception {
    Map<String, Long> head = new HashMap<>();
    Map<String, Long> page1 = new HashMap<>();
    for (Row row : rows()) {
      head.put(row.head().replaceAll(" [|(].*", ""), row.offset());
      page1.put(row.page1().replaceAll(" [|(].*", ""), row.offset());
    }
    head.remove("");
    page1.remove("zero");
    assertThat(head)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "flags", PageLayout.FLAGS,
                "pgmap", PageLayout.PGMAP,
                "zone_device_data", PageLayout.ZONE_DEVICE_DATA,
                "mapping", PageLayout.MAPPING,
                "index", PageLayout.INDEX,
                "private", PageLayout.PRIVATE,
                "mapcount", PageLayout.MAPCOUNT,
                "reference word", PageLayout.REFCOUNT,
                "memcg_data", PageLayout.MEMCG_DATA));
    assertThat(page1)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "flags", PageLayout.FLAGS,
                "compound_head", PageLayout.COMPOUND_HEAD,
                "large_mapcount", PageLayout.LARGE_MAPCOUNT - PageLayout.PAGE1,
                "nr_pages_mapped", PageLayout.NR_PAGES_MAPPED - PageLayout.PAGE1,
                "entire_mapcount", PageLayout.ENTIRE_MAPCOUNT - PageLayout.PAGE1,
                "pincount", PageLayout.PINCOUNT - PageLayout.PAGE1,
                "mapcount", PageLayout.MAPCOUNT,
                "reference word", PageLayout.REFCOUNT,
                "nr_pages", PageLayout.NR_PAGES - PageLayout.PAGE1));
  }

  /** A 64-bit 7.x kernel with memory control groups and without debug options. */
  @Test
  void theOffsetsAreTheKernels() {
    assertThat(PageLayout.PGMAP).isEqualTo(8).isEqualTo(PageLayout.COMPOUND_HEAD);
    assertThat(PageLayout.ZONE_DEVICE_DATA).isEqualTo(16);
    assertThat(PageLayout.MAPPING).isEqualTo(24);
    assertThat(PageLayout.INDEX).isEqualTo(32);
    assertThat(PageLayout.PRIVATE).isEqualTo(40);
    assertThat(PageLayout.MAPCOUNT).isEqualTo(48);
    assertThat(PageLayout.REFCOUNT).isEqualTo(52);
    assertThat(PageLayout.MEMCG_DATA).isEqualTo(56);
    assertThat(PageLayout.RECORDS_PER_PAGE * PageLayout.RECORD_BYTES).isEqualTo(4096);
  }

  @Test
  void theFlagsAreInTheKernelsOrder() {
    assertThat(PageFlag.LOCKED.bit()).isEqualTo(1);
    assertThat(PageFlag.HEAD.ordinal()).isEqualTo(6);
    assertThat(PageFlag.WAITERS.ordinal()).isEqualTo(7);
    assertThat(PageFlag.RESERVED.ordinal()).isEqualTo(13);
    assertThat(PageFlag.HWPOISON.kernelName()).isEqualTo("hwpoison");
    assertThat(PageFlag.of(PageFlag.HEAD.bit() | PageFlag.RESERVED.bit() | 1L << 60))
        .containsExactly(PageFlag.HEAD, PageFlag.RESERVED);
  }

  @Test
  void pgmapAndZoneNeverLookLikeATail() {
    assertThat((1L << PageLayout.PGMAP_SHIFT) & PageLayout.TAIL_BIT).isZero();
    assertThat(PageLayout.ZONE_MASK << PageLayout.ZONE_SHIFT & 0xff_ffffL).isZero();
  }
}
