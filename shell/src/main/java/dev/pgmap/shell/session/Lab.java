package dev.pgmap.shell.session;

import dev.pgmap.api.MmException;
import dev.pgmap.core.fs.Mount;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.host.PluginHost;
import dev.pgmap.trace.attach.Traceable;
import dev.pgmap.trace.tracefs.TraceFs;
import dev.pgmap.trace.tracer.Tracer;
import dev.pgmap.trace.weave.ProbeScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A booted machine with the plugins that it loaded. Thread-safe. */
public final class Lab implements AutoCloseable {
  private final Machine machine;
  private final PluginHost host;
  private final Tasks tasks = new Tasks();
  private final Processes processes = new Processes();
  private @Nullable Tracer tracer;
  private @Nullable TraceFs traceFs;

  private final Traceable traceable;

  private Lab(Machine machine, PluginHost host) {
    this.machine = machine;
    this.host = host;
    this.traceable = Traceable.enter(this::traceFs);
  }

  /**
   * Boots a machine and loads every plugin of a directory.
   *
   * @throws dev.pgmap.api.MmException if the machine cannot be booted; nothing is left behind
   */
  public static Lab boot(MachineSpec spec, Path pluginDirectory) {
    return boot(spec, pluginDirectory, new PageRefs());
  }

  /** The same with counts made by the caller, who can so record every change. */
  public static Lab boot(MachineSpec spec, Path pluginDirectory, PageRefs pageRefs) {
    Machine machine = Machine.boot(spec, pageRefs);
    boolean booted = false;
    try {
      PluginHost host = PluginHost.of(machine, pluginDirectory);
      host.loadAll();
      booted = true;
      return new Lab(machine, host);
    } finally {
      if (!booted) {
        machine.close();
      }
    }
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** Its modules. */
  public PluginHost host() {
    return host;
  }

  /**
   * Its tracer, made at the first call.
   *
   * @throws dev.pgmap.trace.event.TraceException if the JVM has no tracing agent
   */
  public synchronized Tracer tracer() {
    Tracer made = tracer;
    if (made == null) {
      List<Path> sources = new ArrayList<>();
      sources.add(ProbeScanner.sourceOf(Lab.class));
      host.list().forEach(module -> sources.add(module.path()));
      made = new Tracer(machine, sources);
      tracer = made;
    }
    return made;
  }

  /**
   * The files of its tracer, made at the first call.
   *
   * @throws dev.pgmap.trace.event.TraceException if the JVM has no tracing agent
   */
  public synchronized TraceFs traceFs() {
    TraceFs made = traceFs;
    if (made == null) {
      made = new TraceFs(tracer());
      traceFs = made;
    }
    return made;
  }

  /** Tells the tracer, if there is one, of a module that was loaded. */
  public synchronized void modulesChanged() {
    Tracer made = tracer;
    if (made != null) {
      host.list().forEach(module -> made.scan(module.path()));
    }
  }

  private synchronized void closeTracer() {
    if (tracer != null) {
      tracer.close();
      tracer = null;
      traceFs = null;
    }
  }

  /** Its tasks that have an address space. */
  public Tasks tasks() {
    return tasks;
  }

  /** The shells and jobs on it. */
  public Processes processes() {
    return processes;
  }

  /** Puts on the medium what was written to files, as an orderly shutdown does. */
  void syncFilesystems() {
    for (Mount mount : machine.filesystems().mounts()) {
      try {
        mount.filesystem().sync();
      } catch (MmException e) {
        machine.log().warn("%s: not synced: %s", mount.path(), e.getMessage());
      }
    }
  }

  /**
   * Syncs files, unloads the plugins and gives the machine's memory back; nothing may run on it any
   * more.
   */
  @Override
  public void close() {
    try (machine) {
      syncFilesystems();
      traceable.close();
      closeTracer();
      host.close();
    }
  }
}
