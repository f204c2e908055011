package dev.pgmap.host;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin sees: the api, the JDK, and its own jar; nothing else of the application.
 *
 * <p>Packages that are shared come from the host and only from there; every other class comes from
 * the jar first, and then from the JDK. Classes are defined from the bytes that were checked. Holds
 * no file open.
 */
final class PluginClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final List<String> SHARED =
      List.of("dev.pgmap.api.", "org.jspecify.", "org.pf4j.", "org.slf4j.");

  private final Map<String, byte[]> entries;
  private final ClassLoader host;

  PluginClassLoader(PluginJar jar) {
    super("plugin-" + jar.pluginId(), getPlatformClassLoader());
    this.entries = jar.entries();
    this.host = PluginClassLoader.class.getClassLoader();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (SHARED.stream().anyMatch(name::startsWith)) {
      return host.loadClass(name);
    }
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = isInJar(name) ? findClass(name) : super.loadClass(name, false);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private boolean isInJar(String name) {
    return entries.containsKey(fileOf(name));
  }

  private static String fileOf(String name) {
    return name.replace('.', '/') + ".class";
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] content = entries.get(fileOf(name));
    if (content == null) {
      throw new ClassNotFoundException(name + " is neither in the plugin nor in the api");
    }
    return defineClass(name, content, 0, content.length);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return findResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    return findResources(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    byte[] content = entries.get(name);
    return content == null ? null : urlOf(name, content);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return found == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(found));
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    byte[] content = entries.get(name);
    return content == null ? null : new ByteArrayInputStream(content);
  }

  private URL urlOf(String name, byte[] content) {
    try {
      URI uri = new URI("plugin", getName(), "/" + name, null);
      return URL.of(uri, new BytesHandler(content));
    } catch (URISyntaxException | MalformedURLException e) {
      throw new IllegalStateException("resource " + name, e);
    }
  }

  private static final class BytesHandler extends URLStreamHandler {
    private final byte[] content;

    BytesHandler(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
