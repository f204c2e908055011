package dev.pgmap.trace.event;

import dev.pgmap.shell.CanaryShell;
import dev.pgmap.trace.canary.CanaryWeaver;

/** An event that knows the shell, and a package that knows it. */
public final class CanaryEvent {
  CanaryShell shell = new CanaryShell();
  CanaryWeaver weaver = new CanaryWeaver();
}
