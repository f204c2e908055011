package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.tracer.Tracer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code trace_options} and the directory {@code options}: those that do something here. */
final class TraceOptions {
  private static final String NOT = "no";

  private record Option(Supplier<Boolean> now, Consumer<Boolean> turn) {}

  private final Map<String, Option> options = new LinkedHashMap<>();

  TraceOptions(Tracer tracer, Marker marker) {
    options.put("stacktrace", new Option(tracer.recorder()::isStackWanted, tracer::wantStacks));
    options.put(
        "overwrite", new Option(tracer.recorder()::overwrites, tracer.recorder()::overwrite));
    options.put("markers", new Option(marker::isOn, marker::turn));
  }

  Folder folder() {
    return Folder.of(
        options.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    option ->
                        ControlFile.onOff(option.getValue().now(), option.getValue().turn()))));
  }

  /** One per line; {@code no} before those that are off. */
  ControlFile file() {
    return ControlFile.readWrite(this::text, this::write);
  }

  private String text() {
    return options.entrySet().stream()
        .map(option -> (option.getValue().now().get() ? "" : NOT) + option.getKey() + "\n")
        .collect(Collectors.joining());
  }

  private void write(String text) {
    String word = text.strip();
    boolean off = word.startsWith(NOT);
    Option option = options.get(off ? word.substring(NOT.length()) : word);
    if (option == null) {
      throw FileProblem.invalid(
          word, "one of " + String.join(", ", options.keySet()) + ", or one with 'no' before it");
    }
    option.turn().accept(!off);
  }
}
