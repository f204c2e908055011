package dev.pgmap.plugins.coherent;

import java.util.List;

/** What the driver makes: the devices whose memory the module's parameters name. */
final class CoherentConstraints {
  /** The parameters, one for each device: where its memory begins. */
  static final List<String> PARAMETERS = List.of("spm_addr_dev0", "spm_addr_dev1");

  /** Coherent devices are numbered after the private ones. */
  static final int FIRST_DEVICE = 2;

  /** What messages call the memory. */
  static final String REGION = "hmm_dmirror";

  private CoherentConstraints() {}

  /** The node of a device. */
  static String node(int device) {
    return "/dev/hmm_dmirror" + (FIRST_DEVICE + device);
  }

  /** Whose pages the memory of a device is. */
  static String owner(int device) {
    return "hmm_dmirror" + (FIRST_DEVICE + device);
  }
}
