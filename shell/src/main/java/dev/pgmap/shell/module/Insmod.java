package dev.pgmap.shell.module;

import dev.pgmap.host.PluginHost;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Lab;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code insmod}. */
@CommandLine.Command(
    name = "insmod",
    description = "Load a plugin; its driver is offered the devices that have none.")
public final class Insmod implements Command {
  private final Console console;

  @Parameters(paramLabel = "PLUGIN", description = "A jar, or a plugin of the plugins directory.")
  private String name = "";

  /** On that console. */
  public Insmod(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Lab lab = console.session().lab();
    PluginHost host = lab.host();
    if (name.indexOf('/') >= 0) {
      host.insmod(Path.of(name));
    } else {
      host.insmod(name);
    }
    lab.modulesChanged();
    return Exit.OK;
  }
}
