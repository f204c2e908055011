package dev.pgmap.trace.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowFormatTest {
  private static String written(RowFormat format, List<String> columns, List<List<Object>> rows) {
    StringWriter text = new StringWriter();
    RowSink sink = format.to(new PrintWriter(text));
    sink.begin(columns);
    rows.forEach(sink::row);
    sink.end();
    return text.toString();
  }

  @Test
  void tablesAlignAndShowPfnsAsTheKernelDoes() {
    assertThat(
            written(
                RowFormat.TABLE,
                List.of("comm", "pfn", "val"),
                List.of(List.of("gup_test", 0x70200L, 1024), List.of("sh\n\u001b[31m", 1L, -1))))
        .isEqualTo(
            """
            comm          pfn   val
            gup_test  0x70200  1024
            sh??[31m      0x1    -1
            (2 rows)
            """);
  }

  @Test
  void aTableOfManyRowsIsNotKept() {
    List<List<Object>> rows = Collections.nCopies(2500, List.<Object>of("a wide cell", 1));
    assertThat(written(RowFormat.TABLE, List.of("text", "n"), rows).lines())
        .hasSize(2502)
        .contains("a wide cell  1")
        .last()
        .isEqualTo("(2500 rows)");
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(
            written(
                RowFormat.CSV,
                List.of("a", "b,c"),
                List.of(Arrays.asList("say \"x\"", null), List.of("", List.of(1, 2)))))
        .isEqualTo("a,\"b,c\"\n\"say \"\"x\"\"\",\n\"\",\"[1, 2]\"\n");
  }

  @Test
  void jsonHasAnObjectForEachRow() {
    assertThat(
            written(
                RowFormat.JSON,
                List.of("a", "a"),
                List.of(Arrays.asList("</script>", null), List.of(1, Map.of("x", List.of(2))))))
        .isEqualTo("[\n{\"a\":\"</script>\",\"a_1\":null},\n{\"a\":1,\"a_1\":{\"x\":[2]}}\n]\n");
    assertThat(written(RowFormat.JSON, List.of("a"), List.of())).isEqualTo("[\n]\n");
  }
}
