package dev.pgmap.host;

import dev.pgmap.host.ModuleInfo.State;
import org.jspecify.annotations.Nullable;

/** A module from the moment that its name is taken; holds no object of the plugin. */
final class LoadedModule {
  private final PluginJar jar;
  private volatile State state = State.LOADING;
  private volatile @Nullable String driverName;

  LoadedModule(PluginJar jar) {
    this.jar = jar;
  }

  PluginJar jar() {
    return jar;
  }

  String name() {
    return jar.constraints().module();
  }

  State state() {
    return state;
  }

  void enter(State next) {
    state = next;
  }

  /** The driver that it registered on the dax bus, or null. */
  @Nullable String driverName() {
    return driverName;
  }

  void setDriverName(@Nullable String name) {
    driverName = name;
  }
}
