package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import java.util.List;

/** An event of the catalog: a format without its id. */
record FormatSpec(String system, String name, List<String> declarations, String printFmt) {
  FormatSpec {
    declarations = List.copyOf(declarations);
  }

  EventFormat withId(int id) {
    return new EventFormat(
        system, name, id, EventFormat.commonFields(), FieldLayout.of(declarations), printFmt);
  }
}
