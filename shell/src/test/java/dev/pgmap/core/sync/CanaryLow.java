package dev.pgmap.core.sync;

import dev.pgmap.core.machine.CanaryTop;

/** The ground floor that uses the top floor. */
final class CanaryLow {
  CanaryTop above = new CanaryTop();
}
