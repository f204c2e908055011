package dev.pgmap.api;

import dev.pgmap.core.machine.CanaryTop;

/** An SPI that names the engine. */
final class CanaryApi {
  CanaryTop engine = new CanaryTop();
}
