package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.core.pmem.PmemDisk;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code mkfs.dax}, and under the names {@code mkfs.ext4} and {@code mkfs.xfs} the same with what
 * these cannot do left out: ext4 shares no blocks and hears of no failed memory.
 */
@CommandLine.Command(
    name = "mkfs.dax",
    description = {
      "Make a file system on a pmem block device; all of its content is lost.",
      "mkfs.ext4 and mkfs.xfs make the same file system, with the features of these: ext4 has no"
          + " reflink and no reverse map."
    })
public final class MakeFilesystem implements Command, Tuned {
  private static final String EXT4 = "ext4";

  private final Console console;
  private final String flavour;

  @Parameters(paramLabel = "DEVICE", description = "Such as /dev/pmem0.")
  private String device = "";

  @Option(
      names = {"-L", "--label"},
      paramLabel = "LABEL",
      description = "A name of up to 16 bytes.")
  private String label = "";

  @Option(
      names = {"-U", "--uuid"},
      paramLabel = "UUID",
      description = "Default: a random one.")
  private @Nullable UUID uuid;

  @Option(
      names = "-m",
      paramLabel = "FEATURES",
      split = ",",
      description = "reflink=0|1 and rmapbt=0|1. Default: both 1, for ext4 both 0.")
  private List<String> features = List.of();

  @Option(
      names = {"-f", "-F", "--force"},
      description = "Accepted: what is on the device is never asked about.")
  @SuppressWarnings("UnusedVariable")
  private boolean force;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing.")
  private boolean quiet;

  @Option(
      names = {"-b", "--block-size"},
      paramLabel = "SIZE",
      description = "Accepted if it is 4096 (size=4096).")
  private String blockBytes = "4096";

  /** On that console, with the features of a file system of that name. */
  public MakeFilesystem(Console console, String flavour) {
    this.console = console;
    this.flavour = flavour;
  }

  @Override
  public void tune(CommandLine line) {
    line.setCommandName("mkfs." + flavour);
  }

  @Override
  public int call() {
    if (!blockBytes.equals("4096") && !blockBytes.equals("size=4096")) {
      throw CommandException.badValue("-b", blockBytes, "4096: DAX needs blocks of a page");
    }
    FormatOptions options = options();
    DaxFilesystemType type = console.machine().filesystems().type(flavour);
    PmemDisk disk = console.machine().pmemBus().open(console.resolve(device));
    console.machine().filesystems().checkNotMounted(disk);
    List<String> facts = type.format(disk.bytes(), options);
    if (!quiet) {
      facts.forEach(console.out()::println);
    }
    return Exit.OK;
  }

  private FormatOptions options() {
    boolean full = !flavour.equals(EXT4);
    boolean reflink = feature("reflink", full);
    boolean reverseMap = feature("rmapbt", full);
    checkFeatures();
    UUID id = uuid == null ? UUID.randomUUID() : uuid;
    return new FormatOptions(flavour, label, id, reflink, reverseMap);
  }

  private boolean feature(String name, boolean byDefault) {
    if (features.contains(name + "=0")) {
      return false;
    }
    return byDefault || features.contains(name + "=1");
  }

  /** mkfs.xfs has many more, such as crc=1, which mean nothing here; what is no pair is wrong. */
  private void checkFeatures() {
    List<String> wrong = new ArrayList<>(features);
    wrong.removeIf(feature -> feature.matches("[a-z0-9]+=[01]"));
    if (!wrong.isEmpty() || (flavour.equals(EXT4) && features.contains("reflink=1"))) {
      throw CommandException.badValue(
          "-m", String.join(",", features), "reflink=0|1 (ext4: 0) and rmapbt=0|1");
    }
  }
}
