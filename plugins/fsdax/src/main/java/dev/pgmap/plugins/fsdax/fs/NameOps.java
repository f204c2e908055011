package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.fs.Paths.Place;
import dev.pgmap.plugins.fsdax.volume.Directory;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.InodeState;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import dev.pgmap.plugins.fsdax.volume.Volume;
import org.jspecify.annotations.Nullable;

/** Makes, renames and removes names. Thread-safe. */
final class NameOps {
  private final FsContext context;
  private final Volume volume;
  private final Eviction eviction;

  NameOps(FsContext context, Eviction eviction) {
    this.context = context;
    this.volume = context.volume();
    this.eviction = eviction;
  }

  /** The file of a path, made if need be; the caller holds the lock. */
  Inode openFile(String path, boolean create) {
    if (path.isEmpty()) {
      throw isDirectory("/");
    }
    Place place = Paths.place(volume, path);
    Inode found = place.target();
    if (found == null && create) {
      return create(place, false);
    }
    Inode file = place.existing(path);
    if (file.directory() != null) {
      throw isDirectory(path);
    }
    return file;
  }

  private Inode create(Place place, boolean asDirectory) {
    Inode[] made = new Inode[1];
    context.commit(transaction -> {
      long ino = transaction.allocateInode();
      made[0] = asDirectory ? Inode.directory(ino) : Inode.file(ino);
      transaction.create(made[0]);
      transaction.link(place.parent(), place.name(), ino);
    });
    return made[0];
  }

  void mkdir(String path) {
    context.locked(() -> {
      Place place = Paths.place(volume, path);
      checkFree(place, path);
      return create(place, true);
    });
  }

  private static void checkFree(Place place, String path) {
    if (place.target() != null) {
      throw new MmException(Errno.EEXIST, path, "there already", "a name that is free", "");
    }
  }

  void rmdir(String path) {
    Inode gone =
        context.locked(() -> {
          Place place = Paths.place(volume, path);
          Inode target = place.existing(path);
          checkEmptyDirectory(target, path);
          context.commit(transaction -> drop(transaction, place, target));
          return target;
        });
    eviction.evictIfUnused(gone);
  }

  private static void checkEmptyDirectory(Inode target, String path) {
    Directory directory = target.directory();
    if (directory == null) {
      throw new MmException(Errno.ENOTDIR, path, "a file", "a directory", "rm removes files");
    }
    if (!directory.isEmpty()) {
      throw new MmException(
          Errno.ENOTEMPTY,
          path,
          "has " + directory.names().size() + " names",
          "an empty directory",
          "remove what is in it");
    }
  }

  void unlink(String path) {
    Inode gone =
        context.locked(() -> {
          Place place = Paths.place(volume, path);
          Inode target = place.existing(path);
          if (target.directory() != null) {
            throw isDirectory(path);
          }
          context.commit(transaction -> drop(transaction, place, target));
          return target;
        });
    eviction.evictIfUnused(gone);
  }

  /** Takes the name out and a link off. */
  private static void drop(Transaction transaction, Place place, Inode target) {
    transaction.unlink(place.parent(), place.name());
    loseLink(transaction, target);
  }

  private static void loseLink(Transaction transaction, Inode target) {
    InodeState state = transaction.stateOf(target);
    transaction.put(target, state.withLinks(state.nrLinks() - 1));
  }

  void link(String from, String to) {
    context.locked(() -> {
      Inode file = Paths.inode(volume, from);
      if (file.directory() != null) {
        throw new MmException(Errno.EPERM, from, "a directory", "a file", "");
      }
      Place place = Paths.place(volume, to);
      checkFree(place, to);
      context.commit(transaction -> {
        transaction.link(place.parent(), place.name(), file.ino());
        transaction.put(file, file.state().withLinks(file.state().nrLinks() + 1));
      });
      return file;
    });
  }

  void rename(String from, String to) {
    Inode replaced =
        context.locked(() -> {
          Place old = Paths.place(volume, from);
          Inode moved = old.existing(from);
          if (moved.directory() != null && (to + "/").startsWith(from + "/") && !to.equals(from)) {
            throw new MmException(Errno.EINVAL, to, "lies in " + from, "a place outside of it", "");
          }
          Place place = Paths.place(volume, to);
          Inode target = place.target();
          if (target == moved) {
            return null;
          }
          checkReplaceable(moved, target, to);
          context.commit(transaction -> move(transaction, old, place, moved));
          return target;
        });
    if (replaced != null) {
      eviction.evictIfUnused(replaced);
    }
  }

  private static void checkReplaceable(Inode moved, @Nullable Inode target, String to) {
    if (target == null) {
      return;
    }
    if (moved.directory() != null) {
      checkEmptyDirectory(target, to);
    } else if (target.directory() != null) {
      throw isDirectory(to);
    }
  }

  private static void move(Transaction transaction, Place old, Place place, Inode moved) {
    transaction.unlink(old.parent(), old.name());
    transaction.link(place.parent(), place.name(), moved.ino());
    Inode target = place.target();
    if (target != null) {
      loseLink(transaction, target);
    }
  }

  private static MmException isDirectory(String path) {
    return new MmException(Errno.EISDIR, path, "a directory", "a file", "");
  }
}
