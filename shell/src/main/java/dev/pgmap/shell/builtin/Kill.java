package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Jobs;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kill}. */
@CommandLine.Command(
    name = "kill",
    description = {
      "Interrupt jobs, so that they give back what they hold and end.",
      "A job that waits inside the kernel for pages to be dropped goes on waiting."
    })
final class Kill implements Command {
  private final Console console;

  @Parameters(paramLabel = "JOB", arity = "1..*", description = "%%N or a pid.")
  private List<String> names = List.of();

  Kill(Console console) {
    this.console = console;
  }

  @Option(
      names = {"-TERM", "-INT", "-USR1"},
      description = "Signals; all of them mean the same here.")
  void setSignal(boolean given) {}

  @Override
  public int call() {
    Jobs jobs = console.session().jobs();
    names.stream().map(jobs::named).toList().forEach(job -> job.interrupt());
    return Exit.OK;
  }
}
