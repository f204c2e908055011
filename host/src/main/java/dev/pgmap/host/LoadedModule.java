package dev.pgmap.host;

import dev.pgmap.host.ModuleInfo.State;
import dev.pgmap.host.Registrar.Registered;

/** A module from the moment that its name is taken; holds no object of the plugin. */
final class LoadedModule {
  private final PluginJar jar;
  private volatile State state = State.LOADING;
  private volatile Registered parts = Registered.NOTHING;

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

  /** What it has registered. */
  Registered parts() {
    return parts;
  }

  void setParts(Registered registered) {
    parts = registered;
  }
}
