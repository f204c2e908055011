package dev.pgmap.shell.daxctl;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.dax.KmemDriver;
import dev.pgmap.core.hotplug.MemoryBlock;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.hotplug.OnlineType;
import dev.pgmap.core.phys.Zone;
import dev.pgmap.shell.session.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a device in mode system-ram: {@code struct daxctl_memory}.
 *
 * @param device its name
 * @param memory all blocks of the machine
 * @param blocks those of the device
 */
record SystemRam(String device, MemoryBlocks memory, List<MemoryBlock> blocks) {
  /** Whether the device is in that mode. */
  static boolean isModeOf(DevDax device) {
    return KmemDriver.NAME.equals(device.driverName());
  }

  /** That of a device; null if it is in another mode. */
  static @Nullable SystemRam of(MemoryBlocks memory, DevDax device) {
    if (!isModeOf(device)) {
      return null;
    }
    List<MemoryBlock> own =
        KmemDriver.wholeBlocks(device).stream().flatMap(part -> memory.in(part).stream()).toList();
    return new SystemRam(device.name(), memory, own);
  }

  /**
   * That of a device.
   *
   * @throws MmException ENXIO if it is in mode devdax
   */
  static SystemRam require(Console console, DevDax device) {
    SystemRam memory = of(console.machine().memoryBlocks(), device);
    if (memory == null) {
      throw new MmException(
          Errno.ENXIO,
          device.name(),
          "memory operations are not applicable in devdax mode",
          "a device in mode system-ram",
          "daxctl reconfigure-device -m system-ram " + device);
    }
    return memory;
  }

  /** How many blocks are online. */
  int nrOnline() {
    return (int) blocks.stream().filter(MemoryBlock::isOnline).count();
  }

  /** Whether all of it is movable; null while that cannot be told, since some of it is offline. */
  @Nullable Boolean isMovable() {
    if (nrOnline() < blocks.size()) {
      return null;
    }
    return !blocks.isEmpty() && blocks.stream().allMatch(block -> block.zone() == Zone.MOVABLE);
  }

  /**
   * Brings all blocks online.
   *
   * @return false if they all were
   */
  boolean online(Console console, boolean movable) {
    int online = nrOnline();
    warnOfRace(console, online);
    if (tellWhatIs(console, online, "online")) {
      return false;
    }
    change(movable ? OnlineType.ONLINE_MOVABLE : OnlineType.ONLINE);
    return true;
  }

  private void warnOfRace(Console console, int online) {
    if (online > 0) {
      say(
          console,
          "\n  WARNING: some of the memory was online before; it may not be in the zone asked for");
    }
  }

  /**
   * Takes all blocks offline.
   *
   * @return false if they all were
   * @throws MmException EBUSY if pages are in use; the blocks before that one are offline then
   */
  boolean offline(Console console) {
    if (tellWhatIs(console, blocks.size() - nrOnline(), "offline")) {
      return false;
    }
    change(OnlineType.OFFLINE);
    return true;
  }

  /** Says how many blocks are there already; returns whether all are. */
  private boolean tellWhatIs(Console console, int count, String state) {
    boolean all = count == blocks.size();
    if (all) {
      say(console, " all memory sections (%d) already %s".formatted(count, state));
    } else if (count > 0) {
      String plural = count == 1 ? "" : "s";
      say(console, " %d memory section%s already %s".formatted(count, plural, state));
    }
    return all;
  }

  private void say(Console console, String text) {
    console.out().flush();
    console.err().println(device + ":" + text);
  }

  private void change(OnlineType type) {
    blocks.forEach(block -> memory.setState(block, type));
  }
}
