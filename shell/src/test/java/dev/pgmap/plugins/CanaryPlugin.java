package dev.pgmap.plugins;

import dev.pgmap.core.machine.CanaryTop;

/** A plugin that names the engine. */
public final class CanaryPlugin {
  CanaryTop engine = new CanaryTop();
}
