package dev.pgmap.shell.fs;

import dev.pgmap.core.fs.Filesystems;
import dev.pgmap.core.pmem.PmemDisk;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fsck.dax}: looks, and never writes. */
@CommandLine.Command(
    name = "fsck.dax",
    description = "Verify a file system that is not mounted; repairs nothing. Fails on damage.")
public final class CheckFilesystem implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", description = "Such as /dev/pmem0.")
  private String device = "";

  @Option(names = "-n", description = "Accepted: it never writes.")
  @SuppressWarnings("UnusedVariable")
  private boolean dryRun;

  /** On that console. */
  public CheckFilesystem(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Filesystems filesystems = console.machine().filesystems();
    PmemDisk disk = console.machine().pmemBus().open(console.resolve(device));
    filesystems.checkNotMounted(disk);
    List<String> findings = filesystems.type(null).check(disk.bytes());
    findings.forEach(console.out()::println);
    console
        .out()
        .println(
            findings.isEmpty()
                ? disk.path() + ": clean"
                : "%s: %d error%s, not mountable"
                    .formatted(disk.path(), findings.size(), findings.size() == 1 ? "" : "s"));
    return findings.isEmpty() ? Exit.OK : Exit.FAILED;
  }
}
