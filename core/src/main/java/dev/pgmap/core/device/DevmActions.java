package dev.pgmap.core.device;

import dev.pgmap.core.log.KernelLog;
import java.util.ArrayDeque;

/**
 * What is to be undone when a driver lets go of a device, last set up first: devm actions.
 *
 * <p>Used by one thread at a time, the one that binds or unbinds the device.
 */
public final class DevmActions {
  private final String device;
  private final KernelLog log;
  private final ArrayDeque<Runnable> actions = new ArrayDeque<>();

  /** No action yet, for the device of that name. */
  public DevmActions(String device, KernelLog log) {
    this.device = device;
    this.log = log;
  }

  /** Adds an action to run before all that are there. */
  public void push(Runnable action) {
    actions.push(action);
  }

  /** Runs and forgets all actions. One that fails is reported; the others run all the same. */
  public void release() {
    while (!actions.isEmpty()) {
      Runnable action = actions.pop();
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        log.warn("%s: a devm action failed: %s", device, e);
      }
    }
  }
}
