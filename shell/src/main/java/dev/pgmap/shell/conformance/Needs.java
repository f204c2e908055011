package dev.pgmap.shell.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pgmap.core.machine.Era;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a recording needs that is not there, so that it cannot be run. */
final class Needs {
  private static final String FSDAX = "needs fsdax and a file system on it";

  /** What a command line shows that it needs. */
  private static final Map<Pattern, String> BY_COMMAND = byCommand();

  private Needs() {}

  private static Map<Pattern, String> byCommand() {
    Map<Pattern, String> needs = new LinkedHashMap<>();
    needs.put(Pattern.compile("/mnt\\b|-m fsdax"), FSDAX);
    needs.put(
        Pattern.compile("hmm-tests|test_hmm"), "needs device-private and device-coherent memory");
    needs.put(Pattern.compile("as listed$"), "is no command line: timings only");
    return needs;
  }

  /** What is missing; null if it can be run. */
  static @Nullable String of(Recording recording) {
    String command = recording.meta().command();
    if (Era.all().stream().noneMatch(era -> era.name().equals(recording.series()))) {
      return "needs an era " + recording.series();
    }
    for (Map.Entry<Pattern, String> need : BY_COMMAND.entrySet()) {
      if (need.getKey().matcher(command).find()) {
        return need.getValue();
      }
    }
    return recording.start().namespaces().stream()
        .filter(namespace -> isNamed(namespace, command))
        .map(Needs::ofNamespace)
        .filter(need -> !need.isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static boolean isNamed(JsonNode namespace, String command) {
    return command.contains(namespace.path("dev").asText()) || command.contains(device(namespace));
  }

  private static String device(JsonNode namespace) {
    String device = namespace.path("daxregion").path("devices").path(0).path("chardev").asText();
    return device.isEmpty() ? "no device" : device;
  }

  private static String ofNamespace(JsonNode namespace) {
    return namespace.path("mode").asText().equals("devdax") ? "" : FSDAX;
  }
}
