package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool hold-map}. */
@CommandLine.Command(name = "hold-map", description = "Map, touch, keep it mapped, unmap.")
final class HoldMap extends Verb {
  @Parameters(index = "2", paramLabel = "SECS", description = "How long.")
  private String seconds = "";

  HoldMap(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Seconds.toNanos(seconds);
  }

  @Override
  int run(Task task) {
    long address = MappedRange.mapAndTouch(this, task);
    say("holding-map");
    hold(Seconds.toNanos(seconds));
    say("releasing-map");
    task.mm().munmap(address, bytes());
    say("munmapped");
    return Exit.OK;
  }
}
