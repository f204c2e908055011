package dev.pgmap.trace.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The jar that an agent must come in: a manifest that names {@link AttachedAgent}, and no class.
 *
 * <p>The JVM puts it behind the class path of the other process, so the agent's classes are those
 * that the other process has itself: from the jar of its {@code -javaagent}, or from its class path
 * if it was started without. Its machines, entered into {@link Traceable}, are there. Stateless.
 */
final class AgentJar {
  private AgentJar() {}

  /** Writes it. */
  static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Agent-Class", AttachedAgent.class.getName());
    main.putValue("Can-Retransform-Classes", "true");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }
}
