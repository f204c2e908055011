package dev.pgmap.shell.module;

import dev.pgmap.host.ModuleInfo;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code modinfo}. */
@CommandLine.Command(
    name = "modinfo",
    description = "Show what a plugin states about itself; none of its code runs for this.")
public final class Modinfo implements Command {
  private final Console console;

  @Parameters(paramLabel = "MODULE", description = "A module, a plugin id, or a jar.")
  private String name = "";

  /** On that console. */
  public Modinfo(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    ModuleInfo module = console.session().lab().host().info(name);
    field("filename", module.path());
    field("name", module.name());
    field("plugin", module.pluginId());
    field("version", module.version());
    field("description", module.constraints().description());
    field("author", module.provider());
    field("license", module.license());
    field("api", module.requires());
    field("types", new TreeSet<>(module.constraints().types()));
    field("shifts", new TreeSet<>(module.constraints().shifts()));
    field("eras", new TreeSet<>(module.constraints().eras()));
    field("state", module.state().text());
    return Exit.OK;
  }

  private void field(String label, Object value) {
    String text = String.valueOf(value);
    if (!text.isEmpty()) {
      console.out().println("%-15s %s".formatted(label + ":", text));
    }
  }
}
