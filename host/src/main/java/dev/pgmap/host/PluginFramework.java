package dev.pgmap.host;

import dev.pgmap.api.ApiVersion;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.DefaultPluginManager;
import org.pf4j.Plugin;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginLoader;
import org.pf4j.PluginStatusProvider;

/**
 * PF4J, set up so that a plugin is what its checked {@link PluginJar} says, whatever happens to the
 * file.
 *
 * <p>Not thread-safe: used on the host thread only.
 */
final class PluginFramework extends DefaultPluginManager {
  // Set around each load; the constructor of the superclass runs before any initialiser here.
  private @Nullable PluginJar loading;

  PluginFramework(Path root) {
    super(root);
    setSystemVersion(ApiVersion.CURRENT);
  }

  /** Loads a jar; its id. */
  String load(PluginJar jar) {
    loading = jar;
    try {
      return loadPlugin(jar.path());
    } finally {
      loading = null;
    }
  }

  private PluginJar loading() {
    PluginJar jar = loading;
    if (jar == null) {
      throw new IllegalStateException("no plugin is being loaded");
    }
    return jar;
  }

  @Override
  protected PluginDescriptorFinder createPluginDescriptorFinder() {
    return new PluginDescriptorFinder() {
      @Override
      public boolean isApplicable(Path path) {
        return true;
      }

      @Override
      public PluginDescriptor find(Path path) {
        return descriptorOf(loading());
      }
    };
  }

  private static PluginDescriptor descriptorOf(PluginJar jar) {
    return new DefaultPluginDescriptor(
        jar.pluginId(),
        jar.constraints().description(),
        Plugin.class.getName(),
        jar.attribute("Version"),
        jar.attribute("Requires").isEmpty() ? "*" : jar.attribute("Requires"),
        jar.attribute("Provider"),
        jar.attribute("License"));
  }

  @Override
  protected PluginLoader createPluginLoader() {
    return new PluginLoader() {
      @Override
      public boolean isApplicable(Path path) {
        return true;
      }

      @Override
      public ClassLoader loadPlugin(Path path, PluginDescriptor descriptor) {
        return new PluginClassLoader(loading());
      }
    };
  }

  @Override
  protected PluginStatusProvider createPluginStatusProvider() {
    return new PluginStatusProvider() {
      @Override
      public boolean isPluginDisabled(String pluginId) {
        return false;
      }

      @Override
      public void disablePlugin(String pluginId) {}

      @Override
      public void enablePlugin(String pluginId) {}
    };
  }
}
