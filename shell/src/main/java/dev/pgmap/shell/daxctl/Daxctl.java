package dev.pgmap.shell.daxctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;

/** {@code daxctl}: devices of the dax bus. */
@CommandLine.Command(name = "daxctl", description = "Manage device-dax devices.")
public final class Daxctl {
  private Daxctl() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new Daxctl(),
        new ListDevices(console),
        new CreateDevice(console),
        new DestroyDevice(console),
        new ReconfigureDevice(console),
        new DisableDevice(console),
        new EnableDevice(console),
        new OnlineMemory(console),
        new OfflineMemory(console));
  }

  static List<String> names(Console console) {
    return console.machine().daxBus().devices().stream().map(DevDax::name).toList();
  }

  /** Refuses a device whose driver is not to be changed by enable and disable. */
  static void requireDevdax(DevDax device) {
    if (SystemRam.isModeOf(device)) {
      throw new MmException(
          Errno.ENXIO,
          device.name(),
          "status operations are only applicable in devdax mode",
          "a device in mode devdax",
          "daxctl reconfigure-device -m devdax -f " + device);
    }
  }

  /** Prints devices after they were changed. */
  static void print(Console console, List<DevDax> devices) {
    ArrayNode all = JsonText.array();
    devices.forEach(device ->
        all.add(new DaxctlJson(console.machine().memoryBlocks(), false).device(device, false)));
    console.out().println(JsonText.of(all));
  }
}
