package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Registry;

/** The commands of the shell itself. */
public final class Builtins {
  private static final String FAMILY = "Shell";

  private Builtins() {}

  /** Adds them. */
  public static void addTo(Registry registry) {
    registry
        .add(FAMILY, "cd", ChangeDirectory::new)
        .add(FAMILY, "pwd", PrintDirectory::new)
        .add(FAMILY, "echo", Echo::new)
        .add(FAMILY, "printf", Printf::new)
        .add(FAMILY, "test", console -> new Test(console, false))
        .add(FAMILY, "[", console -> new Test(console, true))
        .add(FAMILY, "true", console -> new True())
        .add(FAMILY, "false", console -> new False())
        .add(FAMILY, "sh", Sh::new)
        .add(FAMILY, "sleep", Sleep::new)
        .add(FAMILY, "jobs", JobsCommand::new)
        .add(FAMILY, "wait", WaitCommand::new)
        .add(FAMILY, "kill", Kill::new)
        .add(FAMILY, "timeout", Timeout::new)
        .add(FAMILY, "expect", Expect::new)
        .add(FAMILY, "help", console -> new Help(console, registry))
        .add(FAMILY, "exit", ExitCommand::new);
  }
}
