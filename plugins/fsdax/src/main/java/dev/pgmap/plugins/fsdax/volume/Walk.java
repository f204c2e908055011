package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.format.BlockSource;
import dev.pgmap.plugins.fsdax.format.Damage;
import dev.pgmap.plugins.fsdax.format.DirectoryImage;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import dev.pgmap.plugins.fsdax.format.Limits;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.format.Superblock;
import dev.pgmap.plugins.fsdax.space.Allocator;
import dev.pgmap.plugins.fsdax.space.BlockOwners;
import dev.pgmap.plugins.fsdax.space.Owner;
import dev.pgmap.plugins.fsdax.space.Run;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads everything that can be reached from the root directory, and finds whose every block is.
 *
 * <p>Nothing is trusted: checksums, ranges, order, that a block has one owner unless files share
 * it, that a directory has one name and a file as many as it says.
 */
final class Walk {
  private final BlockSource source;
  private final Superblock superblock;
  private final Allocator allocator;
  private final BlockOwners owners = new BlockOwners();
  private final Map<Long, Inode> inodes = new HashMap<>();
  private final Map<Long, Integer> names = new HashMap<>();
  private final ArrayDeque<Inode> directories = new ArrayDeque<>();

  /**
   * A walk that has not begun.
   *
   * @param firstPfn the page frame of block 0
   */
  Walk(BlockSource source, Superblock superblock, long firstPfn) {
    this.source = source;
    this.superblock = superblock;
    this.allocator = new Allocator(source.name(), firstPfn);
    Limits limits = superblock.limits();
    allocator.release(new Run(limits.firstBlock(), limits.endBlock() - limits.firstBlock()));
  }

  Allocator allocator() {
    return allocator;
  }

  BlockOwners owners() {
    return owners;
  }

  Map<Long, Inode> inodes() {
    return inodes;
  }

  /**
   * Walks.
   *
   * @param onDamage hears of each damage; what lies behind it is left out
   */
  void all(Consumer<MmException> onDamage) {
    attempt(() -> visit(superblock.root(), "/"), onDamage);
    Inode root = inodes.get(superblock.root());
    if (root != null && root.directory() == null) {
      onDamage.accept(Damage.in(what(root.ino()), "the root is a file", "a directory"));
    }
    while (!directories.isEmpty()) {
      readDirectory(directories.poll(), onDamage);
    }
    for (Inode inode : inodes.values()) {
      attempt(() -> checkLinks(inode), onDamage);
    }
  }

  private static void attempt(Runnable step, Consumer<MmException> onDamage) {
    try {
      step.run();
    } catch (MmException e) {
      onDamage.accept(e);
    }
  }

  private void visit(long ino, String name) {
    Inode known = inodes.get(ino);
    if (known == null) {
      Inode inode = Inode.of(InodeImage.read(source, ino, superblock));
      claim(inode);
      inodes.put(ino, inode);
      if (inode.directory() != null) {
        directories.add(inode);
      }
    } else if (known.directory() != null) {
      throw Damage.in(what(ino), "the name '" + name + "' is its second", "a directory with one");
    }
    names.merge(ino, 1, Integer::sum);
  }

  private void claim(Inode inode) {
    Owner metadata = new Owner(inode.ino(), Owner.METADATA);
    claim(new Run(inode.ino(), 1), metadata);
    inode.chain().forEach(block -> claim(new Run(block, 1), metadata));
    for (Extent extent : inode.state().map().extents()) {
      Owner owner = inode.directory() == null ? new Owner(inode.ino(), extent.page()) : metadata;
      claim(new Run(extent.block(), extent.nrBlocks()), owner);
    }
    if (inode.directory() != null) {
      checkDirectory(inode);
    }
  }

  /**
   * Free blocks are taken; others may be shared by data of files, if this file system allows it.
   */
  private void claim(Run run, Owner owner) {
    long at = run.block();
    for (BlockOwners.Owned taken : owners.within(run)) {
      Owner other = taken.owners().getFirst();
      boolean data = owner.page() != Owner.METADATA && other.page() != Owner.METADATA;
      if (!data || !superblock.reflink()) {
        throw Damage.in(
            what(owner.ino()),
            "block %d belongs to inode %d too".formatted(taken.run().block(), other.ino()),
            "blocks of its own");
      }
      take(at, taken.run().block());
      at = taken.run().end();
    }
    take(at, run.end());
    owners.add(run, owner);
  }

  private void take(long from, long to) {
    if (from < to) {
      allocator.take(new Run(from, to - from));
    }
  }

  private void checkDirectory(Inode inode) {
    InodeState state = inode.state();
    long page = 0;
    for (Extent extent : state.map().extents()) {
      if (extent.page() != page || extent.unwritten()) {
        throw Damage.in(what(inode.ino()), "a directory with holes", "one without");
      }
      page = extent.endPage();
    }
    if (state.sizeBytes() != page * SealedBlock.BYTES || state.nrLinks() != 1) {
      throw Damage.in(
          what(inode.ino()),
          "a directory of %d bytes, %d links".formatted(state.sizeBytes(), state.nrLinks()),
          "%d bytes, 1 link".formatted(page * SealedBlock.BYTES));
    }
  }

  private void readDirectory(Inode inode, Consumer<MmException> onDamage) {
    for (Extent extent : inode.state().map().extents()) {
      for (long block = extent.block(); block < extent.endBlock(); block++) {
        long at = block;
        attempt(() -> readPage(inode, at, onDamage), onDamage);
      }
    }
  }

  private void readPage(Inode inode, long block, Consumer<MmException> onDamage) {
    Directory directory = inode.directory();
    if (directory == null) {
      return;
    }
    Map<String, Long> entries = DirectoryImage.read(source, block, inode.ino(), superblock);
    for (String name : entries.keySet()) {
      if (directory.find(name) != null) {
        throw Damage.in(what(inode.ino()), "the name '" + name + "' twice", "different names");
      }
    }
    directory.add(new Directory.Page(block, entries));
    entries.forEach((name, ino) -> attempt(() -> visit(ino, name), onDamage));
  }

  private void checkLinks(Inode inode) {
    int found = names.getOrDefault(inode.ino(), 0);
    if (inode.state().nrLinks() != found) {
      throw Damage.in(
          what(inode.ino()),
          inode.state().nrLinks() + " links",
          "%d, as many as names".formatted(found));
    }
  }

  private String what(long ino) {
    return "%s: inode %d".formatted(source.name(), ino);
  }
}
