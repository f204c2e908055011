package dev.pgmap.trace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFieldTest {
  @ParameterizedTest
  @CsvSource({
    "unsigned long pfn, 8, pfn, NUMBER, 8",
    "const char * name, 8, name, NUMBER, 8",
    "char comm[16], 16, comm, TEXT, 1",
    "const char comm[TASK_COMM_LEN], 16, comm, TEXT, 1",
    "char buf[], 0, buf, TEXT, 1",
    "unsigned  long caller[8], 64, caller, ARRAY, 8",
    "__u16 ids [4], 8, ids, ARRAY, 2",
    "u8 uuid[16] , 16, uuid, ARRAY, 1",
    "struct list_head list, 16, list, ARRAY, 1",
    "__data_loc char[] name, 4, name, DATA_LOC_TEXT, 1",
    "__data_loc unsigned long[] pfns, 4, pfns, DATA_LOC_ARRAY, 8",
    "__rel_loc char[] name, 4, name, REL_LOC_TEXT, 1",
    "__rel_loc const u32 [] ids, 4, ids, REL_LOC_ARRAY, 4",
  })
  void aDeclarationTellsNameAndShape(
      String declaration, int bytes, String name, Shape shape, int elementBytes) {
    EventField field = EventField.of(declaration, 8, bytes, false);

    assertThat(field.name()).isEqualTo(name);
    assertThat(field.shape()).isEqualTo(shape);
    assertThat(field.elementBytes()).isEqualTo(elementBytes);
  }

  @ParameterizedTest
  @CsvSource({"' '", "[8]", "foo]", "char *"})
  void aDeclarationWithoutANameIsNone(String declaration) {
    assertThatThrownBy(() -> EventField.of(declaration, 8, 8, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a C type and a name");
  }

  @Test
  void aDeclarationFullOfBracketsTakesNoLongerThanAnother() {
    EventField field = EventField.of("[ ".repeat(1 << 17) + "x", 8, 8, false);

    assertThat(field.name()).isEqualTo("x");
  }
}
