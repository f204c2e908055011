package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  private static EventFormat format(String name, int id) {
    return new EventFormat("made", name, id, EventFormat.commonFields(), List.of(), "\"\"");
  }

  @Test
  void formatsKeepTheIdsTheyHave() {
    EventFormat first = format("first", 7);
    EventFormat second = format("second", 300);
    EventIds ids = new EventIds("built", new EventTable(List.of(first, second)));

    assertThat(ids.of(first)).isEqualTo(7);
    assertThat(ids.of(second)).isEqualTo(300);
    assertThat(ids.ofSystem("made")).containsExactly(first, second);
  }

  @Test
  void formatsWithoutAnIdOrWithOneThatIsTakenGetFreeOnes() {
    EventFormat unnumbered = format("unnumbered", 0);
    EventFormat first = format("first", 256);
    EventFormat twin = format("twin", 256);
    EventIds ids = new EventIds("built", new EventTable(List.of(unnumbered, first, twin)));

    assertThat(ids.of(unnumbered)).isEqualTo(257);
    assertThat(ids.of(first)).isEqualTo(256);
    assertThat(ids.of(twin)).isEqualTo(258);
    assertThat(ids.all().get(2).toText()).contains("ID: 258\n");
  }
}
