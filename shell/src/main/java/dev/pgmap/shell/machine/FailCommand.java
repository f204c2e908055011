package dev.pgmap.shell.machine;

import dev.pgmap.core.phys.AllocFaults;
import dev.pgmap.core.phys.AllocFaults.Site;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code fail}: allocations that are to fail. */
@CommandLine.Command(
    name = "fail",
    description = {
      "Make the n-th allocation of a kind fail, once, with ENOMEM.",
      "Without arguments: what is armed. fail off: nothing fails any more.",
      "KIND: ref (the counter of a pgmap), array (the pgmap array), section (a memory section),",
      "memmap (pages for struct pages, in RAM or altmap), pagetable, page (a frame for data),",
      "entry (of a DAX mapping)."
    })
public final class FailCommand implements Command {
  private static final String OFF = "off";

  private final Console console;

  @Parameters(index = "0", arity = "0..1", paramLabel = "KIND|off", description = "What fails.")
  private @Nullable String kind;

  @Parameters(index = "1", arity = "0..1", paramLabel = "N", description = "1: the next one.")
  private @Nullable Integer nth;

  /** On that console. */
  public FailCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    AllocFaults faults = console.machine().ram().faults();
    String name = kind;
    if (name == null) {
      show(faults);
    } else if (name.equals(OFF) && nth == null) {
      faults.disarm();
    } else {
      faults.arm(Site.named(name), nthOf(name));
    }
    return Exit.OK;
  }

  private int nthOf(String name) {
    Integer given = nth;
    if (given == null) {
      throw CommandException.usage(
          "fail %s: found no number, expected which one to fail, such as 1", name);
    }
    return given;
  }

  private void show(AllocFaults faults) {
    for (Site site : Site.values()) {
      if (faults.armed(site) > 0) {
        console.out().printf("%s: number %d from now%n", site.label(), faults.armed(site));
      }
    }
  }
}
