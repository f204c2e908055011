package dev.pgmap.shell.daxctl;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DaxRequest;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.hotplug.OnlineType;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daxctl reconfigure-device}. */
@CommandLine.Command(
    name = "reconfigure-device",
    description = "Give a device another mode, size or alignment.")
final class ReconfigureDevice implements Command {
  private static final String SYSTEM_RAM = "system-ram";
  private static final String DEVDAX = "devdax";

  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  @Option(
      names = {"-m", "--mode"},
      paramLabel = "MODE",
      description = "devdax or system-ram.")
  private @Nullable String mode;

  @Option(
      names = {"-N", "--no-online"},
      description = "Leave the memory of system-ram offline.")
  private boolean noOnline;

  @Option(
      names = "--no-movable",
      description = "Bring the memory of system-ram online for any use.")
  private boolean noMovable;

  @Option(
      names = {"-f", "--force"},
      description = "Take the memory of system-ram offline first.")
  private boolean force;

  @Option(
      names = {"-s", "--size"},
      paramLabel = "SIZE",
      converter = SizeConverter.class)
  private @Nullable Long bytes;

  @Option(
      names = {"-a", "--align"},
      paramLabel = "SIZE",
      converter = SizeConverter.class)
  private @Nullable Long alignBytes;

  ReconfigureDevice(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    checkOptions();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    Counted.Result result =
        Counted.runTelling(
            console,
            "reconfigured",
            "device",
            "error reconfiguring devices",
            wanted,
            name -> {
              reconfigure(name);
              return true;
            });
    if (result.count() > 0) {
      DaxBus bus = console.machine().daxBus();
      Daxctl.print(console, wanted.subList(0, result.count()).stream().map(bus::device).toList());
    }
    return result.status();
  }

  private void checkOptions() {
    if (mode != null && !mode.equals(DEVDAX) && !mode.equals(SYSTEM_RAM)) {
      throw new MmException(
          Errno.EINVAL, "--mode", "'" + mode + "'", DEVDAX + " or " + SYSTEM_RAM, "");
    }
    if (noOnline && DEVDAX.equals(mode)) {
      throw CommandException.usage("--no-online is incompatible with --mode=devdax");
    }
  }

  private void reconfigure(String name) {
    if (bytes != null || alignBytes != null || mode == null) {
      resize(name);
    }
    if (SYSTEM_RAM.equals(mode)) {
      toSystemRam(device(name));
    } else if (DEVDAX.equals(mode)) {
      toDevdax(device(name));
    }
  }

  private DevDax device(String name) {
    return console.machine().daxBus().device(name);
  }

  private void resize(String name) {
    DaxRequest request = DaxRequest.DEFAULTS;
    request = bytes == null ? request : request.withSize(bytes);
    request = alignBytes == null ? request : request.withAlign(alignBytes);
    console.machine().daxBus().reconfigure(name, request);
  }

  private void toSystemRam(DevDax device) {
    checkPolicy(device);
    if (SystemRam.isModeOf(device)) {
      say(device, "was already in system-ram mode");
    } else {
      console.machine().daxBus().disable(device.name());
      enable(device, "kmem");
    }
    if (!noOnline) {
      SystemRam.require(console, device).online(console, !noMovable);
    }
  }

  private void checkPolicy(DevDax device) {
    boolean matters = noOnline || !noMovable;
    OnlineType policy = console.machine().memoryBlocks().autoOnline();
    if (matters && !force && policy != OnlineType.OFFLINE) {
      throw new MmException(
          Errno.EBUSY,
          device.name(),
          "the kernel brings memory online at once (%s)".formatted(policy.text()),
          "the policy offline",
          "echo offline > /sys/devices/system/memory/auto_online_blocks, or --force");
    }
  }

  private void toDevdax(DevDax device) {
    SystemRam memory = SystemRam.of(console.machine().memoryBlocks(), device);
    if (memory != null) {
      disable(device, memory);
    } else if (device.state() == DevDax.State.ENABLED) {
      say(device, "was already in devdax mode");
      return;
    }
    enable(device, null);
  }

  private void disable(DevDax device, SystemRam memory) {
    if (force) {
      memory.offline(console);
    }
    if (memory.nrOnline() > 0) {
      throw new MmException(
          Errno.EBUSY,
          device.name(),
          "%d memory sections online".formatted(memory.nrOnline()),
          "all of them offline",
          "daxctl offline-memory " + device + ", or --force");
    }
    console.machine().daxBus().disable(device.name());
  }

  private void enable(DevDax device, @Nullable String driver) {
    DaxBus bus = console.machine().daxBus();
    try {
      if (driver == null) {
        bus.enable(device.name());
      } else {
        bus.enable(device.name(), driver);
      }
    } catch (MmException e) {
      console.err().println("libdaxctl: daxctl_dev_enable: " + device + ": failed to enable");
      throw e;
    }
  }

  private void say(DevDax device, String text) {
    console.out().flush();
    console.err().println(device + " " + text);
  }
}
