package dev.pgmap.shell.ndctltests;

import dev.pgmap.core.phys.MediaErrors;
import dev.pgmap.core.pmem.DiskBytes;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the suite uses {@code dd} for: reads or zeroes sectors of a block device. */
@CommandLine.Command(
    name = "block-io",
    description = "Read sectors of a pmem block device, or write zeroes to them (-w).")
final class BlockIo implements Command {
  private final Console console;

  @Parameters(index = "0", paramLabel = "DEVICE", description = "Such as /dev/pmem0.")
  private String device = "";

  @Parameters(index = "1", paramLabel = "SECTOR")
  private int sector;

  @Parameters(index = "2", paramLabel = "COUNT")
  private int count;

  @Option(names = "-w")
  private boolean write;

  BlockIo(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DiskBytes disk = console.machine().pmemBus().open(console.resolve(device)).bytes();
    byte[] bytes = new byte[(int) (count * MediaErrors.SECTOR_BYTES)];
    if (write) {
      disk.write(sector * MediaErrors.SECTOR_BYTES, bytes, 0, bytes.length);
    } else {
      disk.read(sector * MediaErrors.SECTOR_BYTES, bytes, 0, bytes.length);
    }
    return Exit.OK;
  }
}
