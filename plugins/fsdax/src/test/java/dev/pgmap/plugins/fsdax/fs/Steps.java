package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.api.fs.MountedFilesystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Random steps on a file system and on a model of it, a map from path to content (null for a
 * directory). The model says before and after each step what the file system must hold.
 */
final class Steps {
  /** The model at one moment. */
  record State(TreeMap<String, byte[]> files) {
    State copy() {
      return new State(new TreeMap<>(files));
    }
  }

  /**
   * A step that was done.
   *
   * @param what it, for messages
   * @param before the model before it
   * @param after the model after it
   * @param inPlace the file of which single bytes may be old or new meanwhile; else empty
   */
  record Step(String what, State before, State after, String inPlace) {}

  private static final int PAGE = 4096;
  private static final byte[] NO_BYTES = {};
  private static final List<String> DIRECTORIES = List.of("", "d", "e");

  private final MountedFilesystem fs;
  private final TestDisk disk;
  private final TestHost host;
  private final Random random;
  private final State state = new State(new TreeMap<>());
  private final List<Step> done = new ArrayList<>();

  Steps(MountedFilesystem fs, TestDisk disk, TestHost host, long seed) {
    this.fs = fs;
    this.disk = disk;
    this.host = host;
    this.random = new Random(seed);
  }

  State state() {
    return state;
  }

  /** The steps that were done. */
  List<Step> done() {
    return done;
  }

  /** Does something at random, in one step or several. */
  void next() {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> write();
      case 3 -> truncate();
      case 4 -> fallocate();
      case 5 -> punch();
      case 6, 7 -> rename();
      case 8 -> unlink();
      case 9 -> directory();
      case 10, 11 -> reflink();
      case 12 -> create(fresh());
      default -> mapped();
    }
  }

  /** One call of the file system and what it does to the model; without space it does nothing. */
  private boolean step(String what, String inPlace, Runnable call, Runnable change) {
    State before = state.copy();
    disk.mark(done.size());
    boolean happened = true;
    try {
      call.run();
      change.run();
    } catch (MmException e) {
      if (e.errno() != Errno.ENOSPC) {
        throw new AssertionError(what, e);
      }
      happened = false;
    }
    done.add(new Step(what, before, state.copy(), inPlace));
    return happened;
  }

  private void put(String path, byte[] bytes) {
    state.files().put(path, bytes);
  }

  private void withFile(String path, Consumer<FsFile> action) {
    try (FsFile file = fs.open(path, false)) {
      action.accept(file);
    }
  }

  private String pick() {
    List<String> files =
        state.files().entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .map(entry -> entry.getKey())
            .toList();
    return files.isEmpty() ? fresh() : files.get(random.nextInt(files.size()));
  }

  private String fresh() {
    List<String> parents =
        DIRECTORIES.stream().filter(d -> d.isEmpty() || state.files().containsKey(d)).toList();
    String parent = parents.get(random.nextInt(parents.size()));
    String name = "f" + random.nextInt(6) + (random.nextInt(4) == 0 ? "x".repeat(200) : "");
    return parent.isEmpty() ? name : parent + "/" + name;
  }

  private byte[] content(String path) {
    byte[] bytes = state.files().get(path);
    return bytes == null ? NO_BYTES : bytes;
  }

  /** Whether the file is there now. */
  private boolean create(String path) {
    return state.files().containsKey(path)
        || step("create " + path, "", () -> fs.open(path, true).close(), () -> put(path, NO_BYTES));
  }

  private void write() {
    String path = random.nextBoolean() ? pick() : fresh();
    int pos = random.nextInt(4 * PAGE);
    byte[] bytes = new byte[1 + random.nextInt(3 * PAGE)];
    random.nextBytes(bytes);
    if (create(path)) {
      byte[] old = content(path);
      byte[] grown = Arrays.copyOf(old, Math.max(old.length, pos + bytes.length));
      System.arraycopy(bytes, 0, grown, pos, bytes.length);
      step(
          "write %s %d+%d".formatted(path, pos, bytes.length),
          path,
          () -> withFile(path, file -> file.write(pos, bytes, 0, bytes.length)),
          () -> put(path, grown));
    }
  }

  private void truncate() {
    String path = pick();
    int size = random.nextInt(5 * PAGE);
    if (create(path)) {
      step(
          "truncate %s %d".formatted(path, size),
          "",
          () -> withFile(path, file -> file.truncate(size)),
          () -> put(path, Arrays.copyOf(content(path), size)));
    }
  }

  private void fallocate() {
    String path = pick();
    int end = random.nextInt(6 * PAGE) + 1;
    boolean keep = random.nextBoolean();
    if (create(path)) {
      step(
          "fallocate %s %d keep=%s".formatted(path, end, keep),
          "",
          () -> withFile(path, file -> file.fallocate(end / 2, end - end / 2, keep)),
          () -> {
            if (!keep && content(path).length < end) {
              put(path, Arrays.copyOf(content(path), end));
            }
          });
    }
  }

  private void punch() {
    String path = pick();
    int pos = random.nextInt(3 * PAGE);
    int length = 1 + random.nextInt(3 * PAGE);
    if (create(path)) {
      byte[] holed = content(path).clone();
      if (pos < holed.length) {
        Arrays.fill(holed, pos, Math.min(holed.length, pos + length), (byte) 0);
      }
      step(
          "punch %s %d+%d".formatted(path, pos, length),
          path,
          () -> withFile(path, file -> file.punchHole(pos, length)),
          () -> put(path, holed));
    }
  }

  private void rename() {
    String from = pick();
    String to = fresh();
    if (create(from) && !from.equals(to)) {
      step(
          "rename %s %s".formatted(from, to),
          "",
          () -> fs.rename(from, to),
          () -> {
            put(to, content(from));
            state.files().remove(from);
          });
    }
  }

  private void unlink() {
    String path = pick();
    if (create(path)) {
      step("unlink " + path, "", () -> fs.unlink(path), () -> state.files().remove(path));
    }
  }

  private void directory() {
    String path = DIRECTORIES.get(1 + random.nextInt(2));
    if (!state.files().containsKey(path)) {
      step("mkdir " + path, "", () -> fs.mkdir(path), () -> state.files().put(path, null));
    } else if (state.files().keySet().stream().noneMatch(p -> p.startsWith(path + "/"))) {
      step("rmdir " + path, "", () -> fs.rmdir(path), () -> state.files().remove(path));
    }
  }

  private void reflink() {
    String from = pick();
    String to = fresh();
    if (!from.equals(to) && create(from) && create(to)) {
      boolean empty =
          step(
              "truncate " + to,
              "",
              () -> withFile(to, file -> file.truncate(0)),
              () -> put(to, NO_BYTES));
      if (empty) {
        step(
            "clone %s %s".formatted(from, to),
            "",
            () -> fs.cloneRange(from, 0, to, 0, 0),
            () -> put(to, content(from)));
      }
    }
  }

  /** What a task does that maps the file, stores to it and calls fsync. */
  private void mapped() {
    String path = pick();
    if (create(path) && content(path).length > 0) {
      byte[] changed = content(path).clone();
      step(
          "mapped stores to " + path,
          path,
          () -> withFile(path, file -> storeMapped(file, changed)),
          () -> put(path, changed));
    }
  }

  private void storeMapped(FsFile file, byte[] changed) {
    TestHost.Mapping mapping = Objects.requireNonNull(host.mappings.get(file.ino()));
    for (int page = 0; page * PAGE < changed.length; page++) {
      if (random.nextBoolean()) {
        store(mapping.iomap, page, changed);
      }
    }
    file.fsync();
  }

  private void store(IomapOps ops, int page, byte[] changed) {
    int flags = IomapOps.WRITE | IomapOps.FAULT;
    Iomap extent = ops.begin((long) page * PAGE, PAGE, flags);
    Iomap source = extent.source();
    if (source != null) {
      byte[] whole = new byte[PAGE];
      disk.read(source.deviceOffsetOf((long) page * PAGE), whole, 0, PAGE);
      disk.write(extent.deviceOffsetOf((long) page * PAGE), whole, 0, PAGE);
    }
    ops.end((long) page * PAGE, PAGE, PAGE, flags, extent);
    int at = page * PAGE + random.nextInt(Math.min(PAGE, changed.length - page * PAGE));
    byte[] one = {(byte) random.nextInt()};
    disk.write(extent.deviceOffsetOf(at), one, 0, 1);
    changed[at] = one[0];
  }
}
