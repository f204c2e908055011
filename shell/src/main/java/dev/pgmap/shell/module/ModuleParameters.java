package dev.pgmap.shell.module;

import dev.pgmap.shell.session.CommandException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parameters of a module as they are typed: {@code KEY=NUMBER}. */
final class ModuleParameters {
  private ModuleParameters() {}

  /**
   * Reads them.
   *
   * @throws CommandException that names the one that is wrong
   */
  static Map<String, Long> parse(List<String> words) {
    Map<String, Long> values = new HashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      try {
        if (at <= 0) {
          throw new NumberFormatException(word);
        }
        values.put(word.substring(0, at), Long.decode(word.substring(at + 1)));
      } catch (NumberFormatException e) {
        throw CommandException.usage(
            "module parameter: found '%s', expected KEY=NUMBER such as spm_addr_dev0=0x200000000",
            word);
      }
    }
    return values;
  }
}
