package dev.pgmap.shell.module;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modprobe}. */
@CommandLine.Command(
    name = "modprobe",
    description =
        "Load or unload a plugin and those that extend it (whose names begin with its own).")
public final class Modprobe implements Command {
  private final Console console;

  @Option(names = "-r", description = "Unload.")
  private boolean remove;

  @Parameters(index = "0", paramLabel = "MODULE", description = "As modinfo calls it.")
  private String name = "";

  @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Parameters of the modules.")
  private List<String> parameters = new ArrayList<>();

  /** On that console. */
  public Modprobe(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    ModuleGroup group = new ModuleGroup(console.session().lab(), name);
    if (remove) {
      group.unload();
    } else {
      group.load(ModuleParameters.parse(parameters));
    }
    return Exit.OK;
  }
}
