package dev.pgmap.shell.fs;

import dev.pgmap.core.fs.Mount;
import dev.pgmap.core.pmem.PmemDisk;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mount}. */
@CommandLine.Command(
    name = "mount",
    description = "Mount a pmem block device; without arguments, list the mounts.")
public final class MountCommand implements Command {
  private static final List<String> TAKEN = List.of("/dev", "/proc", "/sys");

  private final Console console;

  @Option(
      names = {"-t", "--types"},
      paramLabel = "TYPE",
      description = "dax, ext4 or xfs: all of them the same type.")
  private @Nullable String type;

  @Option(
      names = {"-o", "--options"},
      paramLabel = "OPTIONS",
      split = ",",
      description = "dax and dax=always are accepted: files are always mapped directly.")
  private List<String> options = List.of();

  @Parameters(paramLabel = "DEVICE DIRECTORY", arity = "0..2", description = "/dev/pmem0 /mnt")
  private List<String> operands = List.of();

  /** On that console. */
  public MountCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (operands.isEmpty()) {
      console.machine().filesystems().mounts().forEach(this::print);
      return Exit.OK;
    }
    if (operands.size() != 2) {
      throw CommandException.usage("found %s, expected DEVICE DIRECTORY", operands);
    }
    checkOptions();
    String path = console.resolve(operands.getLast());
    if (path.equals("/")
        || TAKEN.stream().anyMatch(taken -> (path + "/").startsWith(taken + "/"))) {
      throw CommandException.badValue("DIRECTORY", path, "one outside of /, /dev, /proc and /sys");
    }
    PmemDisk disk = console.machine().pmemBus().open(console.resolve(operands.getFirst()));
    console.machine().filesystems().mount(type, disk, path);
    return Exit.OK;
  }

  private void checkOptions() {
    for (String option : options) {
      if (!option.matches("dax(=always)?|defaults|rw|noatime|relatime")) {
        throw CommandException.badValue("-o", option, "dax, dax=always, rw, noatime or relatime");
      }
    }
  }

  private void print(Mount mount) {
    console
        .out()
        .println(
            "%s on %s type %s (rw,dax=always)"
                .formatted(mount.disk().path(), mount.path(), mount.filesystem().typeName()));
  }
}
