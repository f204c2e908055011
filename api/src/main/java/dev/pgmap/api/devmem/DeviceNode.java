package dev.pgmap.api.devmem;

/** A character device. */
@FunctionalInterface
public interface DeviceNode {
  /**
   * {@code open}.
   *
   * @param opener the address space of the task that opens it, {@code current->mm}
   * @throws dev.pgmap.api.MmException if it cannot be opened
   */
  DeviceFile open(UserSpace opener);
}
