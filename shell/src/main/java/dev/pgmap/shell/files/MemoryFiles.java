package dev.pgmap.shell.files;

import dev.pgmap.core.hotplug.MemoryBlock;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.hotplug.OnlineType;
import dev.pgmap.core.phys.Zone;
import java.util.ArrayList;
import java.util.List;

/** {@code /sys/devices/system/memory}: the memory blocks, and what becomes of new ones. */
final class MemoryFiles implements VirtualTree {
  static final String ROOT = "/sys/devices/system/memory";

  private static final String AUTO_ONLINE = "auto_online_blocks";
  private static final String BLOCK_SIZE = "block_size_bytes";
  private static final String STATE = "state";
  private static final List<String> OF_BLOCK =
      List.of("online", "phys_device", "phys_index", "removable", STATE, "valid_zones");

  private final MemoryBlocks memory;

  MemoryFiles(MemoryBlocks memory) {
    this.memory = memory;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || memory.all().stream().anyMatch(block -> block.name().equals(path));
  }

  @Override
  public List<String> list(String path) {
    if (!path.isEmpty()) {
      return OF_BLOCK;
    }
    List<String> names = new ArrayList<>(List.of(AUTO_ONLINE, BLOCK_SIZE));
    memory.all().forEach(block -> names.add(block.name()));
    return names.stream().sorted().toList();
  }

  @Override
  public boolean isWritable(String path) {
    return path.equals(AUTO_ONLINE) || path.endsWith("/" + STATE) || path.endsWith("/online");
  }

  @Override
  public String read(String path) {
    if (path.equals(AUTO_ONLINE)) {
      return memory.autoOnline().text() + "\n";
    }
    if (path.equals(BLOCK_SIZE)) {
      return Long.toHexString(MemoryBlock.BYTES) + "\n";
    }
    String[] names = path.split("/");
    return ofBlock(memory.block(names[0]), names[1]) + "\n";
  }

  private static String ofBlock(MemoryBlock block, String file) {
    return switch (file) {
      case STATE -> block.isOnline() ? "online" : "offline";
      case "online" -> block.isOnline() ? "1" : "0";
      case "phys_index" -> "%08x".formatted(block.id());
      case "valid_zones" -> zones(block);
      // All blocks can be tried, and no device is told apart from another.
      case "removable" -> "1";
      default -> "0";
    };
  }

  private static String zones(MemoryBlock block) {
    Zone zone = block.zone();
    return zone != null ? zone.text() : Zone.NORMAL.text() + " " + Zone.MOVABLE.text();
  }

  @Override
  public void write(String path, String text, boolean append) {
    String word = text.strip();
    if (path.equals(AUTO_ONLINE)) {
      memory.setAutoOnline(OnlineType.of(ROOT + "/" + path, word));
      return;
    }
    MemoryBlock block = memory.block(path.split("/")[0]);
    memory.setState(block, OnlineType.of(ROOT + "/" + path, wordOf(path, word)));
  }

  private static String wordOf(String path, String text) {
    if (path.endsWith("/" + STATE)) {
      return text;
    }
    return switch (text) {
      case "0" -> OnlineType.OFFLINE.text();
      case "1" -> OnlineType.ONLINE.text();
      default -> text;
    };
  }
}
