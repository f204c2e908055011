package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code lsmod} and {@code modinfo} show of a module. Immutable.
 *
 * @param name the module name, such as {@code device_dax}
 * @param pluginId the plugin's id, such as {@code devdax}
 * @param version the plugin's version
 * @param provider who made it; may be empty
 * @param license its license; may be empty
 * @param requires the range in its manifest; may be empty
 * @param constraints what it states about itself
 * @param path the jar it was read from
 * @param bytes the size of its content, unpacked
 * @param state where it is in its life
 * @param usedBy the devices that are bound to it
 */
public record ModuleInfo(
    String name,
    String pluginId,
    String version,
    String provider,
    String license,
    String requires,
    PgmapConstraints constraints,
    Path path,
    long bytes,
    State state,
    List<String> usedBy) {

  /** Where a module is in its life; the first three as {@code /proc/modules} names them. */
  public enum State {
    LIVE("Live"),
    LOADING("Loading"),
    UNLOADING("Unloading"),
    /** A jar in the plugins directory that is not loaded. */
    AVAILABLE("Available");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** The state in the kernel's words. */
    public String text() {
      return text;
    }
  }

  /** Copies the list, so that the value is immutable. */
  public ModuleInfo {
    usedBy = List.copyOf(usedBy);
  }
}
