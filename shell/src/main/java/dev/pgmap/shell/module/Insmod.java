package dev.pgmap.shell.module;

import dev.pgmap.host.PluginHost;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Lab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code insmod}. */
@CommandLine.Command(
    name = "insmod",
    description = "Load a plugin; its driver is offered the devices that have none.")
public final class Insmod implements Command {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "PLUGIN",
      description = "A jar, or a plugin of the plugins directory.")
  private String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Parameters of the module, such as spm_addr_dev0=0x200000000.")
  private List<String> parameters = new ArrayList<>();

  /** On that console. */
  public Insmod(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Lab lab = console.session().lab();
    PluginHost host = lab.host();
    Map<String, Long> values = ModuleParameters.parse(parameters);
    if (name.indexOf('/') >= 0) {
      host.insmod(Path.of(name), values);
    } else {
      host.insmod(name, values);
    }
    lab.modulesChanged();
    return Exit.OK;
  }
}
