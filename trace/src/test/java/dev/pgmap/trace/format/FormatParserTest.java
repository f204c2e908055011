package dev.pgmap.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceException;
import org.junit.jupiter.api.Test;

class FormatParserTest {
  private static final String TEXT =
      """
      name: xfs_readlink
      ID: 1300
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:dev_t dev;\toffset:8;\tsize:4;\tsigned:0;
      \tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;
      \tfield:__data_loc char[] name;\toffset:28;\tsize:4;\tsigned:0;

      print fmt: "dev %d name %s", REC->dev, __get_str(name)
      """;

  private static EventFormat parse(String text) {
    return FormatParser.parse("xfs", text, "test.dat");
  }

  @Test
  void readsAKernelsFormat() {
    EventFormat format = parse(TEXT);

    assertThat(format.fullName()).isEqualTo("xfs:xfs_readlink");
    assertThat(format.id()).isEqualTo(1300);
    assertThat(format.common())
        .extracting(EventField::name)
        .containsExactly("common_type", "common_flags", "common_preempt_count", "common_pid");
    assertThat(format.fields())
        .extracting(EventField::name, EventField::offset, EventField::shape)
        .containsExactly(
            tuple("dev", 8, Shape.NUMBER),
            tuple("comm", 12, Shape.TEXT),
            tuple("name", 28, Shape.DATA_LOC_TEXT));
    assertThat(format.printFmt()).isEqualTo("\"dev %d name %s\", REC->dev, __get_str(name)");
  }

  @Test
  void whatIsReadPrintsAsItWas() {
    assertThat(parse(TEXT).toText()).isEqualTo(TEXT);
  }

  @Test
  void takesTheMissingSignedAndBlankLinesOfOldKernels() {
    EventFormat format =
        parse(TEXT.replaceAll("\\tsigned:\\d;", "").replace("\n\n", "\n").stripTrailing());

    assertThat(format.fields()).hasSize(3);
    assertThat(format.field("common_pid")).extracting(EventField::signed).isEqualTo(true);
    assertThat(format.field("common_type")).extracting(EventField::signed).isEqualTo(false);
  }

  @Test
  void takesTheExtraCommonFieldOfARealTimeKernel() {
    EventFormat format =
        parse(
            TEXT.replace(
                "\tfield:dev_t",
                "\tfield:unsigned char common_preempt_lazy_count;\toffset:8;\tsize:1;\tsigned:0;\n"
                    + "\tfield:dev_t"));

    assertThat(format.common()).hasSize(5);
    assertThat(format.fields()).hasSize(3);
  }

  @Test
  void ofTwoFieldsWithOneNameTheFirstCounts() {
    EventFormat format = parse(TEXT.replace("char comm[16]", "char dev[16]"));

    assertThat(format.fields()).extracting(EventField::name).containsExactly("dev", "name");
    assertThat(format.field("dev")).extracting(EventField::shape).isEqualTo(Shape.NUMBER);
  }

  @Test
  void takesAPrintFormatOfSeveralLines() {
    EventFormat format = parse(TEXT.replace("dev %d", "dev\n%d"));

    assertThat(format.printFmt()).startsWith("\"dev\n%d name %s\"");
  }

  @Test
  void saysWhichLineIsWrong() {
    assertThatThrownBy(() -> parse(TEXT.replace("offset:8;", "offset:x8;")))
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "test.dat: format of system 'xfs':9: 'x8', expected a number from 0 to 1048576");
    assertThatThrownBy(() -> parse(TEXT.replace("\tfield:dev_t dev", "\tfiled:dev_t dev")))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("'filed:dev_t dev;?offset:8;?size:4;?signed:0;'")
        .hasMessageContaining("expected 'field:TYPE NAME; offset:N; size:N; signed:N;'");
    assertThatThrownBy(() -> parse(TEXT.replace("ID: 1300", "ID: 65536")))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(":2: '65536', expected a number from 0 to 65535");
    assertThatThrownBy(() -> parse("format:\n"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("expected a line 'name: NAME'");
  }

  @Test
  void refusesFieldsThatReachBeyondAnyRecord() {
    assertThatThrownBy(() -> parse(TEXT.replace("offset:8;", "offset:1048575;")))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("'4', expected a number from 0 to 1");
  }
}
