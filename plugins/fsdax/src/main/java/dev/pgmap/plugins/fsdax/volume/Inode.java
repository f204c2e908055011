package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory in memory.
 *
 * <p>Its state may be read by anyone; everything changes under the file system's lock.
 */
public final class Inode {
  private final long ino;
  private final @Nullable Directory directory;
  private volatile InodeState state;
  private volatile boolean dirty;
  private volatile @Nullable DaxMapping mapping;
  private List<Long> chain = List.of();
  private int nrOpen;
  private boolean evicting;

  private Inode(long ino, @Nullable Directory directory, InodeState state) {
    this.ino = ino;
    this.directory = directory;
    this.state = state;
  }

  /** An empty file. */
  public static Inode file(long ino) {
    return new Inode(ino, null, new InodeState(1, 0, ExtentMap.EMPTY));
  }

  /** An empty directory. */
  public static Inode directory(long ino) {
    return new Inode(ino, new Directory(), new InodeState(1, 0, ExtentMap.EMPTY));
  }

  /** What is on the medium. */
  static Inode of(InodeImage image) {
    InodeState state =
        new InodeState(image.nrLinks(), image.sizeBytes(), ExtentMap.of(image.extents()));
    Inode inode = new Inode(image.ino(), image.isDirectory() ? new Directory() : null, state);
    inode.chain = image.chain();
    return inode;
  }

  /** Its number, which is that of its block. */
  public long ino() {
    return ino;
  }

  /** Its names, or null for a file. */
  public @Nullable Directory directory() {
    return directory;
  }

  /** What it is now. */
  public InodeState state() {
    return state;
  }

  /** Whether the medium does not know its state yet. */
  public boolean isDirty() {
    return dirty;
  }

  /** The mapping of a file that has been opened, else null. */
  public @Nullable DaxMapping mapping() {
    return mapping;
  }

  /** Gives a file its mapping. */
  public void setMapping(DaxMapping made) {
    mapping = made;
  }

  /** How many have it open. */
  public int nrOpen() {
    return nrOpen;
  }

  /** One more, or with -1 one less, has it open. */
  public void addOpen(int change) {
    nrOpen += change;
  }

  /** Whether somebody has begun to let it go for good. */
  public boolean isEvicting() {
    return evicting;
  }

  /** Somebody begins to let it go. */
  public void startEvicting() {
    evicting = true;
  }

  /** Changes its state in memory only, until the next transaction that has it. */
  public void changeLazily(InodeState next) {
    state = next;
    dirty = true;
  }

  /** The blocks that hold its extents besides the inode. */
  List<Long> chain() {
    return chain;
  }

  /** Takes over what was committed. */
  void committed(InodeState next, List<Long> nextChain) {
    state = next;
    chain = nextChain;
    dirty = false;
  }

  /** What goes to the medium for a state. */
  InodeImage image(InodeState of, List<Long> ofChain) {
    return new InodeImage(
        ino, directory != null, of.nrLinks(), of.sizeBytes(), of.map().extents(), ofChain);
  }
}
