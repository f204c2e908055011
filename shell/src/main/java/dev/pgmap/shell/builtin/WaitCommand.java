package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Job;
import dev.pgmap.shell.session.Jobs;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code wait}. */
@CommandLine.Command(
    name = "wait",
    description = {
      "Wait for jobs: those named as %%N or by pid ($!), or all.",
      "The exit code is that of the last job named; 0 after waiting for all."
    })
final class WaitCommand implements Command {
  private final Console console;

  @Parameters(paramLabel = "JOB", arity = "0..*")
  private List<String> names = List.of();

  WaitCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Jobs jobs = console.session().jobs();
    List<Job> wanted = names.isEmpty() ? jobs.all() : names.stream().map(jobs::named).toList();
    int status = Exit.OK;
    for (Job job : wanted) {
      status = job.await();
      jobs.forget(job);
    }
    return names.isEmpty() ? Exit.OK : status;
  }
}
