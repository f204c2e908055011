package dev.pgmap.shell.files;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which tree of files is found at which directory. Filled once, then immutable. */
final class MountTable {
  /**
   * A tree, and a path in it.
   *
   * @param tree the tree
   * @param path relative to where the tree is mounted; empty for that directory itself
   */
  record Place(VirtualTree tree, String path) {}

  private final TreeMap<String, VirtualTree> trees;

  /** Trees by the absolute path of their directory; of nested ones the inner counts. */
  MountTable(Map<String, VirtualTree> trees) {
    this.trees = new TreeMap<>(trees);
  }

  /** Where an absolute path leads; null if no tree is mounted there or above. */
  @Nullable Place find(String path) {
    for (Map.Entry<String, VirtualTree> mount : trees.descendingMap().entrySet()) {
      String at = mount.getKey();
      if (path.equals(at)) {
        return new Place(mount.getValue(), "");
      }
      if (path.startsWith(at + "/")) {
        return new Place(mount.getValue(), path.substring(at.length() + 1));
      }
    }
    return null;
  }

  /** The names in a directory that lead to trees below it. */
  SortedSet<String> namesTowardsTrees(String directory) {
    String prefix = directory.equals("/") ? directory : directory + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String at : trees.keySet()) {
      if (at.startsWith(prefix)) {
        names.add(at.substring(prefix.length()).split("/", 2)[0]);
      }
    }
    return names;
  }
}
