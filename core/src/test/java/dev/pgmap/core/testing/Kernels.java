package dev.pgmap.core.testing;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.pgmap.PagemapPolicies;

/** The pgmap policies of some kernels, for tests of the floors below the machine. */
public enum Kernels {
  V5_10(Era.V5_10),
  V5_17(Era.V5_17),
  V6_1(Era.V6_1),
  V7_2(Era.V7_2);

  private final PagemapPolicies policies;

  Kernels(Era era) {
    this.policies = era.pagemap();
  }

  /** Its answers to the questions of the pgmap package. */
  public PagemapPolicies policies() {
    return policies;
  }
}
