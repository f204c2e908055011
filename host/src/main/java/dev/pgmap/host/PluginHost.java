package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.host.ModuleInfo.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The loadable modules of one machine: {@code insmod}, {@code rmmod}, {@code lsmod}, {@code
 * modinfo}.
 *
 * <p>Order of {@link #insmod}: read and check the jar; take its name; load it on the host thread;
 * register its parts, which binds the devices that wait for one. Order of {@link #rmmod}, the
 * reverse; refused while a device is bound. A call that fails leaves nothing loaded.
 *
 * <p>Thread-safe. No object of a plugin leaves this package, except behind guards that the engine
 * drops when the device is unbound; so after rmmod the plugin's classes can be collected.
 */
public final class PluginHost implements AutoCloseable {
  private final Registrar registrar;
  private final KernelLog log;
  private final String era;
  private final Path directory;
  private final HostThread thread = new HostThread();
  private final PluginLoading loading;
  private final Map<String, LoadedModule> modules = new ConcurrentSkipListMap<>();

  /**
   * A host without any module.
   *
   * @param registrar where the parts of plugins are registered
   * @param era the machine's era, which plugins must support
   * @param directory where jars are looked for by name; need not exist
   */
  private PluginHost(Registrar registrar, KernelLog log, String era, Path directory) {
    this.registrar = registrar;
    this.log = log;
    this.era = era;
    this.directory = directory;
    this.loading = new PluginLoading(directory, log);
  }

  /** A host for that machine. */
  public static PluginHost of(Machine machine, Path directory) {
    Registrar registrar =
        new Registrar(
            machine.daxBus(), machine.pmemBus(), machine.devmemBus(), machine.filesystems());
    return new PluginHost(registrar, machine.log(), machine.spec().era().name(), directory);
  }

  /**
   * Loads every jar of the plugins directory, in the order of their names, except those that are
   * loaded on request. A jar that cannot be loaded is reported in the log and does not keep the
   * others out.
   *
   * @return what went wrong, one exception per jar
   */
  public List<MmException> loadAll() {
    List<MmException> failures = new ArrayList<>();
    for (Path jar : jars()) {
      try {
        if (!JarReader.read(jar).constraints().onRequest()) {
          insmod(jar);
        }
      } catch (MmException e) {
        log.warn("plugin %s not loaded: %s", jar.getFileName(), e.getMessage());
        failures.add(e);
      }
    }
    return failures;
  }

  private List<Path> jars() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new MmException(Errno.EIO, "plugins directory " + directory + ": " + e.getMessage());
    }
  }

  /**
   * Loads a module by name: its plugin id, module name or jar name in the plugins directory.
   *
   * @throws MmException as {@link #insmod(Path)}; ENOENT if there is no such plugin
   */
  public ModuleInfo insmod(String name) {
    return insmod(jarNamed(name));
  }

  /** As {@link #insmod(Path, Map)}, by name. */
  public ModuleInfo insmod(String name, Map<String, Long> parameters) {
    return insmod(jarNamed(name), parameters);
  }

  /** As {@link #insmod(Path, Map)}, without parameters. */
  public ModuleInfo insmod(Path path) {
    return insmod(path, Map.of());
  }

  /**
   * Loads a module from a jar, and binds its driver to the devices that have none.
   *
   * @param parameters of the module; those that it does not know are ignored
   * @throws MmException ENOENT without a file or without the class it names; ENOEXEC if it is no
   *     plugin jar or does not fit this api; EINVAL for wrong constraints; EOPNOTSUPP in an era
   *     that the plugin does not support; EEXIST if the module is loaded; EIO if the plugin throws
   */
  public ModuleInfo insmod(Path path, Map<String, Long> parameters) {
    PluginJar jar = JarReader.read(path);
    checkEra(jar);
    LoadedModule module = new LoadedModule(jar);
    enlist(module);
    boolean loaded = false;
    try {
      module.setParts(registrar.register(thread.call(() -> loading.load(jar)), parameters));
      loaded = true;
    } finally {
      if (!loaded) {
        // Does nothing if the load undid itself; ends what an interrupted caller did not wait for.
        thread.later(() -> loading.unload(jar.pluginId()));
        modules.remove(module.name(), module);
      }
    }
    module.enter(State.LIVE);
    log.info("%s: loaded from %s", module.name(), jar.path().getFileName());
    return info(module);
  }

  private void checkEra(PluginJar jar) {
    PgmapConstraints constraints = jar.constraints();
    if (!constraints.eras().contains("*") && !constraints.eras().contains(era)) {
      throw new MmException(
          Errno.EOPNOTSUPP,
          constraints.module(),
          "it supports the eras " + constraints.eras() + ", this machine is " + era,
          "a plugin for this era",
          "boot another era");
    }
  }

  private void enlist(LoadedModule module) {
    LoadedModule other = modules.putIfAbsent(module.name(), module);
    if (other == null) {
      other = sameId(module);
    }
    if (other != null) {
      modules.remove(module.name(), module);
      throw new MmException(
          Errno.EEXIST,
          module.name(),
          "%s (%s) is loaded from %s"
              .formatted(other.name(), other.jar().pluginId(), other.jar().path()),
          "a module that is not loaded",
          "rmmod " + other.name() + " first");
    }
  }

  private @Nullable LoadedModule sameId(LoadedModule module) {
    for (LoadedModule other : modules.values()) {
      if (other != module && other.jar().pluginId().equals(module.jar().pluginId())) {
        return other;
      }
    }
    return null;
  }

  private void unload(LoadedModule module) {
    thread.call(() -> {
      loading.unload(module.jar().pluginId());
      return module;
    });
  }

  /**
   * Unloads a module.
   *
   * @throws MmException ENOENT if it is not loaded; EBUSY, with the devices that are bound to it or
   *     what else happens to it
   */
  public void rmmod(String name) {
    LoadedModule module = claim(name);
    try {
      registrar.unregister(module.parts());
    } catch (RuntimeException e) {
      module.enter(State.LIVE);
      throw e;
    }
    module.setParts(Registrar.Registered.NOTHING);
    try {
      unload(module);
    } finally {
      modules.remove(module.name(), module);
    }
    log.info("%s: unloaded", module.name());
  }

  private LoadedModule claim(String name) {
    LoadedModule module = loaded(name);
    if (module == null) {
      throw new MmException(
          Errno.ENOENT, "module " + name, "not loaded", "one of " + modules.keySet(), "see lsmod");
    }
    modules.compute(
        module.name(),
        (key, present) -> {
          if (present != module || module.state() != State.LIVE) {
            throw new MmException(
                Errno.EBUSY,
                "module " + name,
                "it is " + module.state().text(),
                "a live module",
                "try again");
          }
          module.enter(State.UNLOADING);
          return present;
        });
    return module;
  }

  private @Nullable LoadedModule loaded(String name) {
    for (LoadedModule module : modules.values()) {
      if (module.name().equals(name) || module.jar().pluginId().equals(name)) {
        return module;
      }
    }
    return null;
  }

  /** The loaded modules, by name ({@code lsmod}). */
  public List<ModuleInfo> list() {
    return modules.values().stream().map(this::info).toList();
  }

  private ModuleInfo info(LoadedModule module) {
    return module.jar().info(module.state(), registrar.usedBy(module.parts()));
  }

  /**
   * A module that is loaded, or a jar in the plugins directory or at a path ({@code modinfo}). No
   * code of it runs.
   *
   * @throws MmException ENOENT, or what is wrong with the jar
   */
  public ModuleInfo info(String name) {
    LoadedModule module = loaded(name);
    if (module != null) {
      return info(module);
    }
    Path path = name.endsWith(".jar") ? Path.of(name) : jarNamed(name);
    return JarReader.read(path).info(State.AVAILABLE, List.of());
  }

  /** The good jars of the plugins directory that are not loaded. */
  public List<ModuleInfo> available() {
    List<ModuleInfo> found = new ArrayList<>();
    for (Path jar : jars()) {
      try {
        ModuleInfo info = JarReader.read(jar).info(State.AVAILABLE, List.of());
        if (loaded(info.name()) == null) {
          found.add(info);
        }
      } catch (MmException e) {
        log.info("plugin %s cannot be loaded: %s", jar.getFileName(), e.getMessage());
      }
    }
    return found;
  }

  private Path jarNamed(String name) {
    for (Path jar : jars()) {
      String file = String.valueOf(jar.getFileName());
      if (file.equals(name) || file.equals(name + ".jar")) {
        return jar;
      }
    }
    for (Path jar : jars()) {
      if (isCalled(jar, name)) {
        return jar;
      }
    }
    throw new MmException(
        Errno.ENOENT,
        "module " + name,
        "no such plugin in " + directory,
        "a plugin id, a module name or the path of a jar",
        "jars there: " + jars().stream().map(Path::getFileName).toList());
  }

  private static boolean isCalled(Path jar, String name) {
    try {
      PluginJar read = JarReader.read(jar);
      return read.pluginId().equals(name) || read.constraints().module().equals(name);
    } catch (MmException e) {
      return false;
    }
  }

  /** Ends the host thread. Devices that are bound keep working until the machine is closed. */
  @Override
  public void close() {
    thread.close();
  }
}
