package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.plugins.fsdax.format.DirectoryImage;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.ExtentChain;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.Owner;
import dev.pgmap.plugins.fsdax.space.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A change of a file system that happens as a whole: first on the medium, then in memory.
 *
 * <p>Blocks are allocated while it is put together; they are given back if it does not come to an
 * end. Blocks that it drops can be allocated again only after it is on the medium, so that an old
 * state never shows new bytes. Used by one thread, under the file system's lock.
 */
public final class Transaction implements AutoCloseable {
  private record Ownership(Run run, Owner owner) {}

  private record Change(Inode inode, InodeState next, List<Long> chain) {}

  private final Volume volume;
  private final long filesystem;
  private final Map<Inode, InodeState> states = new LinkedHashMap<>();
  private final Map<Long, byte[]> images = new LinkedHashMap<>();
  private final Map<Long, Map<String, Long>> edited = new LinkedHashMap<>();
  private final Map<Long, Inode> editedOf = new LinkedHashMap<>();
  private final List<Run> allocated = new ArrayList<>();
  private final List<Ownership> gained = new ArrayList<>();
  private final List<Ownership> lost = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();

  /** A change of that file system that changes nothing yet. */
  public Transaction(Volume volume) {
    this.volume = volume;
    this.filesystem = volume.superblock().filesystemId();
  }

  /** The state that an inode will have, as far as this transaction says. */
  public InodeState stateOf(Inode inode) {
    return states.getOrDefault(inode, inode.state());
  }

  /** Gives an inode another state. */
  public void put(Inode inode, InodeState next) {
    states.put(inode, next);
  }

  /** A new inode block. */
  public long allocateInode() {
    long block = allocateOne();
    gained.add(new Ownership(new Run(block, 1), new Owner(block, Owner.METADATA)));
    return block;
  }

  /** Makes a new inode known. */
  public void create(Inode inode) {
    put(inode, inode.state());
    afterwards.add(() -> volume.add(inode));
  }

  private long allocateOne() {
    long block = volume.allocator().allocateOne();
    allocated.add(new Run(block, 1));
    return block;
  }

  /**
   * Blocks for a hole of a file, which becomes an extent or several.
   *
   * @param unwritten whether they read as zeroes until they are written
   * @return the extents, which are not in any map yet
   * @throws dev.pgmap.api.MmException ENOSPC
   */
  public List<Extent> allocate(
      Inode inode, long page, long nrBlocks, boolean unwritten, long goal) {
    List<Extent> extents = new ArrayList<>();
    long at = page;
    for (Run run : volume.allocator().allocate(page, nrBlocks, goal)) {
      allocated.add(run);
      own(inode, run, at);
      extents.add(new Extent(at, run.block(), run.nrBlocks(), unwritten));
      at += run.nrBlocks();
    }
    return extents;
  }

  /** Makes blocks the data of a file as well. */
  public void own(Inode inode, Run run, long page) {
    gained.add(new Ownership(run, new Owner(inode.ino(), page)));
  }

  /** Takes blocks away from a file's data. */
  public void drop(Inode inode, Extent extent) {
    lost.add(
        new Ownership(
            new Run(extent.block(), extent.nrBlocks()), new Owner(inode.ino(), extent.page())));
  }

  /**
   * Puts a name into a directory, over an older meaning of it.
   *
   * @throws dev.pgmap.api.MmException ENOSPC
   */
  public void link(Inode parent, String name, long ino) {
    Directory directory = names(parent);
    Directory.Page page = directory.pageOf(name);
    if (page == null) {
      page = directory.pageWithRoom(name);
    }
    Directory.Page into = page == null ? newPage(parent, directory) : page;
    edit(parent, into).put(name, ino);
    afterwards.add(() -> directory.put(into, name, ino));
  }

  /** Takes a name out of a directory. */
  public void unlink(Inode parent, String name) {
    Directory directory = names(parent);
    Directory.Page page = directory.pageOf(name);
    if (page != null) {
      edit(parent, page).remove(name);
      afterwards.add(() -> directory.remove(name));
    }
  }

  private static Directory names(Inode parent) {
    Directory directory = parent.directory();
    if (directory == null) {
      throw new IllegalStateException("no directory: " + parent.ino());
    }
    return directory;
  }

  private Directory.Page newPage(Inode parent, Directory directory) {
    long block = allocateOne();
    InodeState before = stateOf(parent);
    long page = before.sizeBytes() / SealedBlock.BYTES;
    Directory.Page made = new Directory.Page(block, new LinkedHashMap<>());
    gained.add(new Ownership(new Run(block, 1), new Owner(parent.ino(), Owner.METADATA)));
    put(
        parent,
        before
            .withMap(before.map().with(new Extent(page, block, 1, false)))
            .withSize(before.sizeBytes() + SealedBlock.BYTES));
    afterwards.add(() -> directory.add(made));
    return made;
  }

  private Map<String, Long> edit(Inode parent, Directory.Page page) {
    editedOf.put(page.block(), parent);
    return edited.computeIfAbsent(page.block(), block -> Directory.copyOf(page));
  }

  /** Something to do in memory when the change is on the medium. */
  public void afterwards(Runnable action) {
    afterwards.add(action);
  }

  /**
   * Makes the change.
   *
   * @throws dev.pgmap.api.MmException ENOSPC if there is no room for it, EIO
   */
  public void commit() {
    List<Change> changes = new ArrayList<>();
    states.forEach((inode, next) -> changes.add(prepare(inode, next)));
    edited.forEach((block, entries) -> {
      long directory = Objects.requireNonNull(editedOf.get(block)).ino();
      images.put(block, DirectoryImage.encode(block, directory, filesystem, entries));
    });
    if (!images.isEmpty()) {
      writeImages();
    }
    allocated.clear();
    gained.forEach(each -> volume.owners().add(each.run(), each.owner()));
    changes.forEach(change -> change.inode().committed(change.next(), change.chain()));
    lost.forEach(each -> volume.disown(each.run(), each.owner()));
    afterwards.forEach(Runnable::run);
  }

  /** A commit that fails half-way is finished by the next mount; until then nothing may change. */
  private void writeImages() {
    volume.journal().checkFits(images);
    try {
      volume.journal().commit(volume.medium(), images);
    } catch (RuntimeException e) {
      volume.setBroken();
      throw e;
    }
  }

  /** An inode that no name leads to cannot be found on the medium, so nothing is written for it. */
  private Change prepare(Inode inode, InodeState next) {
    if (next.nrLinks() == 0) {
      return new Change(inode, next, inode.chain());
    }
    List<Long> chain = writeChain(inode, next);
    Owner metadata = new Owner(inode.ino(), Owner.METADATA);
    chain.forEach(block -> gained.add(new Ownership(new Run(block, 1), metadata)));
    inode.chain().forEach(block -> lost.add(new Ownership(new Run(block, 1), metadata)));
    images.put(inode.ino(), inode.image(next, chain).encode(filesystem));
    return new Change(inode, next, chain);
  }

  /** Writes the extents that have no room in the inode to free blocks, last block first. */
  private List<Long> writeChain(Inode inode, InodeState next) {
    List<Extent> chained = inode.image(next, List.of()).chained();
    List<Long> chain = new ArrayList<>();
    for (int i = 0; i < ExtentChain.blocksFor(chained.size()); i++) {
      chain.add(allocateOne());
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      int from = i * ExtentChain.PER_BLOCK;
      List<Extent> part =
          chained.subList(from, Math.min(chained.size(), from + ExtentChain.PER_BLOCK));
      long following = i + 1 < chain.size() ? chain.get(i + 1) : 0;
      volume
          .medium()
          .write(
              chain.get(i),
              ExtentChain.encode(chain.get(i), inode.ino(), filesystem, part, following));
    }
    return chain;
  }

  /** Gives back what was allocated, if the change did not happen. */
  @Override
  public void close() {
    volume.allocator().releaseAll(allocated);
    allocated.clear();
  }
}
