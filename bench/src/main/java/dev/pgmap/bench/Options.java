package dev.pgmap.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of a command line in the form {@code --name value}. */
final class Options {
  private final Map<String, String> values = new HashMap<>();

  private Options() {}

  static Options parse(List<String> arguments) {
    Options options = new Options();
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!name.startsWith("--") || i + 1 == arguments.size()) {
        throw new IllegalArgumentException("'" + name + "', expected --name value");
      }
      options.values.put(name.substring(2), arguments.get(i + 1));
    }
    return options;
  }

  /** Takes an option out; what is left in the end is unknown. */
  String text(String name, String ifAbsent) {
    @Nullable String value = values.remove(name);
    return value == null ? ifAbsent : value;
  }

  int number(String name, int ifAbsent) {
    String value = text(name, String.valueOf(ifAbsent));
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "--" + name + " '" + value + "', expected a number of 1 or more");
    }
    return Integer.parseInt(value);
  }

  void rejectUnknown() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown option --" + values.keySet().iterator().next());
    }
  }
}
