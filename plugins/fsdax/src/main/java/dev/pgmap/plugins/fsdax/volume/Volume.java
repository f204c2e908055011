package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.format.BlockSource;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.Journal;
import dev.pgmap.plugins.fsdax.format.Medium;
import dev.pgmap.plugins.fsdax.format.Superblock;
import dev.pgmap.plugins.fsdax.space.Allocator;
import dev.pgmap.plugins.fsdax.space.BlockOwners;
import dev.pgmap.plugins.fsdax.space.Owner;
import dev.pgmap.plugins.fsdax.space.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A file system in memory. Used under the file system's lock. */
public final class Volume {
  private final Medium medium;
  private final Superblock superblock;
  private final Journal journal;
  private final Allocator allocator;
  private final BlockOwners owners;
  private final Map<Long, Inode> inodes;
  private volatile boolean broken;

  private Volume(Medium medium, Superblock superblock, Journal journal, Walk walk) {
    this.medium = medium;
    this.superblock = superblock;
    this.journal = journal;
    this.allocator = walk.allocator();
    this.owners = walk.owners();
    this.inodes = walk.inodes();
  }

  /**
   * Reads a file system and finishes what its journal has.
   *
   * @throws MmException EINVAL if there is none, EUCLEAN if it is damaged; nothing is written then
   */
  public static Volume load(Medium medium) {
    Superblock superblock = Superblock.read(medium);
    Journal journal = new Journal(medium, superblock);
    Map<Long, byte[]> pending = journal.pending();
    long firstPfn = medium.bytes().physicalPfn(0);
    Walk walk = new Walk(new Replayed(medium, pending), superblock, firstPfn);
    walk.all(damage -> {
      throw damage;
    });
    if (!pending.isEmpty()) {
      journal.replay(medium, pending);
    }
    return new Volume(medium, superblock, journal, walk);
  }

  /** What is wrong with a file system, one line each; writes nothing. */
  public static List<String> check(Medium medium) {
    List<String> findings = new ArrayList<>();
    try {
      Superblock superblock = Superblock.read(medium);
      Map<Long, byte[]> pending = new Journal(medium, superblock).pending();
      new Walk(new Replayed(medium, pending), superblock, 0)
          .all(damage -> findings.add(String.valueOf(damage.getMessage())));
    } catch (MmException e) {
      findings.add(String.valueOf(e.getMessage()));
    }
    return findings;
  }

  /** The medium as the journal will leave it. */
  private record Replayed(Medium medium, Map<Long, byte[]> pending) implements BlockSource {
    @Override
    public String name() {
      return medium.name();
    }

    @Override
    public long nrBlocks() {
      return medium.nrBlocks();
    }

    @Override
    public byte[] read(long block) {
      byte[] image = pending.get(block);
      return image == null ? medium.read(block) : image.clone();
    }
  }

  /** The device in blocks. */
  public Medium medium() {
    return medium;
  }

  /** What file system it is. */
  public Superblock superblock() {
    return superblock;
  }

  /** Its blocks that are free. */
  public Allocator allocator() {
    return allocator;
  }

  /** Whose the others are. */
  public BlockOwners owners() {
    return owners;
  }

  Journal journal() {
    return journal;
  }

  /** All inodes, also those without a name that are still open. */
  public List<Inode> inodes() {
    return List.copyOf(inodes.values());
  }

  /** The inode of that number, which exists. */
  public Inode inode(long ino) {
    return Objects.requireNonNull(inodes.get(ino));
  }

  /** The root directory. */
  public Inode root() {
    return inode(superblock.root());
  }

  /** Whether a change was left half done, so that only a new mount can go on. */
  public boolean isBroken() {
    return broken;
  }

  void setBroken() {
    broken = true;
  }

  void add(Inode inode) {
    inodes.put(inode.ino(), inode);
  }

  /** Forgets an inode that no name leads to and gives its blocks back. */
  public void forget(Inode inode) {
    inodes.remove(inode.ino());
    Owner metadata = new Owner(inode.ino(), Owner.METADATA);
    for (Extent extent : inode.state().map().extents()) {
      Owner owner = inode.directory() == null ? new Owner(inode.ino(), extent.page()) : metadata;
      disown(new Run(extent.block(), extent.nrBlocks()), owner);
    }
    inode.chain().forEach(block -> disown(new Run(block, 1), metadata));
    disown(new Run(inode.ino(), 1), metadata);
  }

  /** Makes blocks, which were allocated, the data of a file, in memory only. */
  public void own(Inode inode, Run run, long page) {
    owners.add(run, new Owner(inode.ino(), page));
  }

  /** Takes an owner of blocks away; those that have no other are free. */
  void disown(Run run, Owner owner) {
    allocator.releaseAll(owners.remove(run, owner));
  }
}
