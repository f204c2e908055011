package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.plugins.fsdax.format.DirectoryImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names of a directory, and which of its blocks has which. */
public final class Directory {
  /** A block with some of the names. */
  static final class Page {
    private final long block;
    private final Map<String, Long> entries;

    Page(long block, Map<String, Long> entries) {
      this.block = block;
      this.entries = entries;
    }

    long block() {
      return block;
    }

    Map<String, Long> entries() {
      return entries;
    }

    private boolean hasRoomFor(String name) {
      int used = entries.keySet().stream().mapToInt(DirectoryImage::bytesOf).sum();
      return used + DirectoryImage.bytesOf(name) <= DirectoryImage.CAPACITY;
    }
  }

  private final List<Page> pages = new ArrayList<>();
  private final TreeMap<String, Page> byName = new TreeMap<>();

  /** The inode that a name leads to, or null. */
  public @Nullable Long find(String name) {
    Page page = byName.get(name);
    return page == null ? null : page.entries.get(name);
  }

  /** The names, sorted. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Whether it has no name. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Adds a block that was read or made. */
  void add(Page page) {
    pages.add(page);
    page.entries.keySet().forEach(name -> byName.put(name, page));
  }

  /** The block that has a name, or null. */
  @Nullable Page pageOf(String name) {
    return byName.get(name);
  }

  /** A block with room for a name, or null. */
  @Nullable Page pageWithRoom(String name) {
    for (Page page : pages) {
      if (page.hasRoomFor(name)) {
        return page;
      }
    }
    return null;
  }

  /** Puts a name into a block, over an older meaning of it. */
  void put(Page page, String name, long ino) {
    page.entries.put(name, ino);
    byName.put(name, page);
  }

  /** Takes a name out. */
  void remove(String name) {
    Page page = byName.remove(name);
    if (page != null) {
      page.entries.remove(name);
    }
  }

  /** The names of a block as they will be. */
  static Map<String, Long> copyOf(Page page) {
    return new LinkedHashMap<>(page.entries);
  }
}
