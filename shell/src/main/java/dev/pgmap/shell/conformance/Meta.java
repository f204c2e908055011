package dev.pgmap.shell.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code meta.txt}: lines {@code key: value}, then sections that begin with {@code --- NAME}, of
 * which {@code namespaces} is what {@code ndctl list} printed. Immutable.
 *
 * @param headers the values by key
 * @param namespaces all namespaces, by region
 * @param lostEvents how many events fell out of the recorder's buffer, oldest first
 */
record Meta(Map<String, String> headers, List<JsonNode> namespaces, long lostEvents) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern OVERRUN = Pattern.compile("(?m)^\\S+stats:overrun: ([0-9]{1,18})$");

  /**
   * Reads one.
   *
   * @param name the file, for messages
   * @throws CommandException with exit code 3 if it has no sections or its JSON cannot be read
   */
  static Meta parse(String name, String text) {
    String[] parts = text.split("(?m)^--- ", -1);
    Map<String, String> headers = new HashMap<>();
    for (String line : parts[0].lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    for (String part : parts) {
      if (part.startsWith("namespaces\n")) {
        return new Meta(headers, namespaces(name, part.substring(part.indexOf('\n'))), lost(text));
      }
    }
    throw new CommandException(
        Exit.BAD_FILE, name + ": found no section '--- namespaces', expected what ndctl listed");
  }

  private static List<JsonNode> namespaces(String name, String json) {
    List<JsonNode> all = new ArrayList<>();
    try {
      MAPPER
          .readTree(json)
          .path("regions")
          .forEach(region -> region.path("namespaces").forEach(all::add));
    } catch (JsonProcessingException e) {
      throw new CommandException(
          Exit.BAD_FILE,
          name + ": namespaces: found " + e.getOriginalMessage() + ", expected JSON of ndctl list");
    }
    return List.copyOf(all);
  }

  private static long lost(String text) {
    Matcher overrun = OVERRUN.matcher(text);
    long lost = 0;
    while (overrun.find()) {
      lost += Long.parseLong(overrun.group(1));
    }
    return lost;
  }

  /** The value of a key; empty if there is none. */
  String header(String key) {
    return headers.getOrDefault(key, "");
  }

  /** The command line that was run. */
  String command() {
    return header("command");
  }

  /** The pages whose events were recorded. */
  PfnWindow window() {
    return PfnWindow.parse(header("filter(page_ref)"));
  }

  /** Whether page_ref events were recorded at all. */
  boolean isTraced() {
    String note = header("note");
    return !header("tracing").equals("none")
        && !note.contains("untraced")
        && !note.contains("page_ref events off");
  }
}
