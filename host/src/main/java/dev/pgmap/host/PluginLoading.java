package dev.pgmap.host;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.core.log.KernelLog;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.pf4j.PluginState;

/**
 * Brings a checked jar to life and ends it again. All methods run on the host thread.
 *
 * <p>Order: load, start, make the extension, ask it for its name and its parts. If any step fails
 * the plugin is unloaded.
 */
final class PluginLoading {
  private final PluginFramework framework;
  private final KernelLog log;

  PluginLoading(Path root, KernelLog log) {
    this.framework = new PluginFramework(root);
    this.log = log;
  }

  /** Loads a plugin; what it wants to register, guarded. */
  PluginParts load(PluginJar jar) {
    try {
      framework.load(jar);
      PluginState state = framework.startPlugin(jar.pluginId());
      if (state != PluginState.STARTED) {
        throw broken(jar, "is " + state + " after its start", "a plugin that starts");
      }
      return init(jar);
    } catch (MmException e) {
      unload(jar.pluginId());
      throw e;
    } catch (RuntimeException | LinkageError e) {
      unload(jar.pluginId());
      throw guard(jar, framework).failed("init", rootOf(e));
    }
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null && at.getClass().getName().startsWith("org.pf4j.")) {
      at = at.getCause();
    }
    return at;
  }

  private PluginParts init(PluginJar jar) {
    PluginGuard guard = guard(jar, framework);
    List<Class<? extends DeviceMemoryPlugin>> extensions =
        framework.getExtensionClasses(DeviceMemoryPlugin.class, jar.pluginId());
    if (extensions.size() != 1) {
      throw unusable(jar);
    }
    DeviceMemoryPlugin plugin = instantiate(jar, extensions.getFirst(), guard);
    checkName(jar, guard.get("name", plugin::name));
    return new PluginParts(
        guard.get("daxDriver", plugin::daxDriver).map(d -> guarded(jar, d, guard)).orElse(null),
        guard.get("pmemDriver", plugin::pmemDriver).map(d -> guarded(jar, d, guard)).orElse(null),
        guard
            .get("devmemDriver", plugin::devmemDriver)
            .map(d -> guarded(jar, d, guard))
            .orElse(null),
        guard.get("filesystemTypes", plugin::filesystemTypes).stream()
            .map(type -> (DaxFilesystemType) GuardedFsType.of(type, guard))
            .toList());
  }

  private static DaxDriver guarded(PluginJar jar, DaxDriver driver, PluginGuard guard) {
    String name = Objects.requireNonNullElse(guard.get("driver name", driver::name), "");
    checkName(jar, name);
    return new GuardedDriver(name, driver, jar.constraints(), guard);
  }

  private static DevmemDriver guarded(PluginJar jar, DevmemDriver driver, PluginGuard guard) {
    return new GuardedDevmemDriver(jar.constraints(), driver, guard);
  }

  private static PmemDriver guarded(PluginJar jar, PmemDriver driver, PluginGuard guard) {
    String name = Objects.requireNonNullElse(guard.get("driver name", driver::name), "");
    checkName(jar, name);
    return new GuardedPmemDriver(name, driver, jar.constraints(), guard);
  }

  /** Makes the extension here and not in the framework, which swallows what some of them throw. */
  private static DeviceMemoryPlugin instantiate(
      PluginJar jar, Class<? extends DeviceMemoryPlugin> type, PluginGuard guard) {
    return guard.get(
        "init",
        () -> {
          try {
            return type.getConstructor().newInstance();
          } catch (InvocationTargetException e) {
            throw guard.failed("init", Objects.requireNonNullElse(e.getCause(), e));
          } catch (ReflectiveOperationException e) {
            throw unusable(jar);
          }
        });
  }

  private static MmException unusable(PluginJar jar) {
    return broken(
        jar,
        "its extension is no usable DeviceMemoryPlugin",
        "a public class with a public constructor that implements it");
  }

  private static void checkName(PluginJar jar, String name) {
    if (!jar.constraints().module().equals(name)) {
      throw new MmException(
          Errno.EINVAL,
          jar.path().toString(),
          "the plugin calls itself or its driver '" + name + "'",
          "the module name of its constraints, " + jar.constraints().module(),
          "make the names agree");
    }
  }

  private PluginGuard guard(PluginJar jar, PluginFramework from) {
    ClassLoader loader =
        from.getPlugin(jar.pluginId()) == null
            ? PluginLoading.class.getClassLoader()
            : from.getPluginClassLoader(jar.pluginId());
    return new PluginGuard(jar.constraints().module(), loader, log);
  }

  private static MmException broken(PluginJar jar, String found, String expected) {
    return new MmException(
        Errno.ENOEXEC, jar.path().toString(), found, expected, "build the plugin again");
  }

  /** Ends a plugin; its class loader can be collected from now on. */
  void unload(String pluginId) {
    if (framework.getPlugin(pluginId) != null) {
      framework.stopPlugin(pluginId);
      framework.unloadPlugin(pluginId);
    }
  }
}
