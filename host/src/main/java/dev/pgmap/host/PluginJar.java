package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.host.ModuleInfo.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A plugin jar that was read whole and checked, without loading a class of it.
 *
 * <p>Everything later comes from these bytes, never from the file again: the jar may be built anew
 * or deleted while the plugin is loaded.
 *
 * @param path where it was read from
 * @param entries the content by name
 * @param manifest the manifest's plugin attributes, without their {@code Plugin-} prefix
 * @param constraints what it states about itself
 */
record PluginJar(
    Path path,
    Map<String, byte[]> entries,
    Map<String, String> manifest,
    PgmapConstraints constraints) {

  String pluginId() {
    return attribute("Id");
  }

  String attribute(String name) {
    return manifest.getOrDefault(name, "");
  }

  long bytes() {
    return entries.values().stream().mapToLong(content -> content.length).sum();
  }

  ModuleInfo info(State state, List<String> usedBy) {
    return new ModuleInfo(
        constraints.module(),
        pluginId(),
        attribute("Version"),
        attribute("Provider"),
        attribute("License"),
        attribute("Requires"),
        constraints,
        path,
        bytes(),
        state,
        usedBy);
  }
}
