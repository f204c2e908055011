package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Job;
import dev.pgmap.shell.session.Jobs;
import picocli.CommandLine;

/** {@code jobs}. */
@CommandLine.Command(name = "jobs", description = "List the jobs that '&' started.")
final class JobsCommand implements Command {
  private final Console console;

  JobsCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Jobs jobs = console.session().jobs();
    for (Job job : jobs.all()) {
      boolean over = !job.isRunning();
      console.out().println(job);
      if (over) {
        jobs.forget(job);
      }
    }
    return Exit.OK;
  }
}
