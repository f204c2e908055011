package dev.pgmap.plugins.deviceprivate;

/** What the driver makes: how many devices, and how they are called. */
final class DevicePrivateConstraints {
  /** Devices with memory of their own kind; each is an owner of its own. */
  static final int NR_DEVICES = 2;

  /** What {@code /proc/iomem} calls the memory. */
  static final String REGION = "hmm_dmirror";

  private DevicePrivateConstraints() {}

  /** The node of a device. */
  static String node(int device) {
    return "/dev/hmm_dmirror" + device;
  }

  /** Whose pages the memory of a device is. */
  static String owner(int device) {
    return "hmm_dmirror" + device;
  }
}
