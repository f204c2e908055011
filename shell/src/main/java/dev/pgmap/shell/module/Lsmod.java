package dev.pgmap.shell.module;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.host.ModuleInfo;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code lsmod}. */
@CommandLine.Command(name = "lsmod", description = "List the loaded plugins.")
public final class Lsmod implements Command {
  private final Console console;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public Lsmod(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    List<ModuleInfo> modules = console.session().lab().host().list();
    if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      modules.forEach(module -> all.add(toJson(module)));
      console.out().println(JsonText.of(all));
      return Exit.OK;
    }
    console.out().println("Module                  Size  Used by");
    modules.forEach(module -> console.out().println(line(module)));
    return Exit.OK;
  }

  private static String line(ModuleInfo module) {
    return String.format(
            Locale.ROOT,
            "%-19s %8d  %d %s",
            module.name(),
            module.bytes(),
            module.usedBy().size(),
            String.join(",", module.usedBy()))
        .stripTrailing();
  }

  private static ObjectNode toJson(ModuleInfo module) {
    ObjectNode json =
        JsonText.object()
            .put("name", module.name())
            .put("version", module.version())
            .put("size", module.bytes())
            .put("state", module.state().text());
    ArrayNode users = json.putArray("used_by");
    module.usedBy().forEach(users::add);
    return json;
  }
}
