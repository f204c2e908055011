package dev.pgmap.shell.session;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.phys.PhysicalMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the program works on: a machine at a time, its jobs and tasks. Thread-safe.
 *
 * <p>Close it when no command is under way; jobs are stopped then.
 */
public final class Session implements AutoCloseable {
  private static final long STOP_MILLIS = 3_000;

  private final Path pluginDirectory;
  private final boolean json;
  private final Jobs jobs = new Jobs();
  private final Supplier<Lab> firstBoot;
  private volatile @Nullable Lab lab;

  /**
   * Boots a machine.
   *
   * @param pluginDirectory where plugin jars are
   * @param json whether commands print JSON wherever they have a JSON form
   * @throws MmException if the machine cannot be booted
   */
  public Session(MachineSpec spec, Path pluginDirectory, boolean json) {
    this(Lab.boot(spec, pluginDirectory), pluginDirectory, json);
  }

  /** The same, but boots the machine when somebody first asks for it. */
  public static Session bootingLater(MachineSpec spec, Path pluginDirectory, boolean json) {
    return new Session(null, () -> Lab.boot(spec, pluginDirectory), pluginDirectory, json);
  }

  /**
   * Works on a machine that was booted already, and closes it at the end.
   *
   * @param pluginDirectory where plugin jars are for the next machine
   */
  public Session(Lab lab, Path pluginDirectory, boolean json) {
    this(lab, () -> lab, pluginDirectory, json);
  }

  private Session(@Nullable Lab lab, Supplier<Lab> firstBoot, Path pluginDirectory, boolean json) {
    this.pluginDirectory = pluginDirectory;
    this.json = json;
    this.lab = lab;
    this.firstBoot = firstBoot;
  }

  /** Where plugin jars are. */
  public Path pluginDirectory() {
    return pluginDirectory;
  }

  /**
   * The machine that is booted now, with its plugins.
   *
   * @throws MmException if it is to be booted now and cannot be
   */
  public Lab lab() {
    Lab booted = lab;
    return booted != null ? booted : boot();
  }

  private synchronized Lab boot() {
    Lab booted = lab != null ? lab : firstBoot.get();
    lab = booted;
    return booted;
  }

  /** The machine that is booted now. */
  public Machine machine() {
    return lab().machine();
  }

  /** Whether commands print JSON wherever they have a JSON form. */
  public boolean json() {
    return json;
  }

  /** The jobs. */
  public Jobs jobs() {
    return jobs;
  }

  /** The tasks. */
  public Tasks tasks() {
    return lab().tasks();
  }

  /**
   * Boots another machine in place of the present one.
   *
   * @throws MmException EBUSY while something runs, and what the boot fails with: the present
   *     machine stays then
   */
  public synchronized void reboot(MachineSpec spec) {
    if (!jobs.running().isEmpty() || !tasks().all().isEmpty()) {
      throw new MmException(
          Errno.EBUSY,
          "machine",
          "%d jobs and %d tasks on it".formatted(jobs.running().size(), tasks().all().size()),
          "an idle machine",
          "see jobs and ps; use wait or kill");
    }
    // The next machine learns from the device files which pages hold something.
    lab().syncFilesystems();
    Lab next = bootInPlaceOf(machine().memory(), spec);
    lab().close();
    lab = next;
  }

  private Lab bootInPlaceOf(PhysicalMemory present, MachineSpec spec) {
    boolean booted = false;
    present.unlockFiles();
    try {
      Lab next = Lab.boot(spec, pluginDirectory);
      booted = true;
      return next;
    } finally {
      if (!booted) {
        present.lockFiles();
      }
    }
  }

  /**
   * Stops all jobs and gives the machine back.
   *
   * @return the jobs that could not be stopped because they wait inside the kernel; their machine
   *     is not given back then, and the program should end
   */
  public List<Job> stop() {
    List<Job> stuck = jobs.stop(STOP_MILLIS);
    Lab booted = lab;
    if (stuck.isEmpty() && booted != null) {
      booted.close();
    }
    return stuck;
  }

  @Override
  public void close() {
    stop();
  }
}
