package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.fs.Mount;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.shell.session.Lab;
import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of the machine: {@code /proc}, {@code /sys}, the names in {@code /dev} and mounted file
 * systems, each a {@link VirtualTree} at its place.
 *
 * <p>A view of what is there at each call; thread-safe.
 */
public final class VirtualFiles {
  private final MountTable mounts;

  /** The files of that machine. */
  public VirtualFiles(Lab lab) {
    Machine machine = lab.machine();
    Map<String, VirtualTree> trees = new HashMap<>();
    trees.put("/dev", new DevFiles(machine));
    trees.put("/proc", new ProcFiles(lab));
    trees.put(ShmFiles.ROOT, new ShmFiles(machine.files().tmpFiles()));
    trees.put(SysctlVmFiles.ROOT, new SysctlVmFiles(machine.mmContext()));
    trees.put(HugePageFiles.ROOT, new HugePageFiles(machine.mmContext()));
    trees.put(MemoryFiles.ROOT, new MemoryFiles(machine.memoryBlocks()));
    trees.put(NvdimmFiles.ROOT, new NvdimmFiles(machine.nvdimm()));
    trees.put(HwpoisonFiles.ROOT, new HwpoisonFiles(machine.errorInjection()));
    trees.put(TracingFiles.ROOT, new TracingFiles(lab));
    trees.put(TracingFiles.OLD_ROOT, new TracingFiles(lab));
    trees.put(DaxBusFiles.ROOT, new DaxBusFiles(machine.daxBus(), machine.sysfs()));
    trees.put(NdBusFiles.ROOT, new NdBusFiles(machine.nvdimm()));
    for (Mount mount : machine.filesystems().mounts()) {
      trees.put(mount.path(), new MountedFiles(mount));
    }
    mounts = new MountTable(trees);
  }

  /** Whether the path is a directory. */
  public boolean isDirectory(String path) {
    String clean = clean(path);
    MountTable.Place place = mounts.find(clean);
    return place == null
        ? !mounts.namesTowardsTrees(clean).isEmpty()
        : place.tree().isDirectory(place.path());
  }

  /**
   * The names in a directory, sorted; for a file, its own path.
   *
   * @throws MmException ENOENT if there is no such thing
   */
  public List<String> list(String path) {
    String clean = clean(path);
    if (isDirectory(clean)) {
      return names(clean);
    }
    file(path);
    return List.of(path);
  }

  private List<String> names(String directory) {
    TreeSet<String> names = new TreeSet<>(mounts.namesTowardsTrees(directory));
    MountTable.Place place = mounts.find(directory);
    if (place != null) {
      names.addAll(place.tree().list(place.path()));
    }
    return List.copyOf(names);
  }

  /** Where a file is; ENOENT if it is nowhere. */
  private MountTable.Place file(String path) {
    String clean = clean(path);
    int slash = clean.lastIndexOf('/');
    String directory = slash <= 0 ? "/" : clean.substring(0, slash);
    MountTable.Place place = mounts.find(clean);
    if (place == null
        || !isDirectory(directory)
        || !names(directory).contains(clean.substring(slash + 1))) {
      throw missing(path);
    }
    return place;
  }

  /** Where a file is or would be made. */
  private MountTable.Place fileOrNew(String path) {
    MountTable.Place place = mounts.find(clean(path));
    return place != null && place.tree().creates() ? place : file(path);
  }

  /**
   * The text of a file, with its line ends.
   *
   * @throws MmException ENOENT, EINVAL for a directory, a device or a file that cannot be read
   */
  public String read(String path) {
    MountTable.Place place = readable(path);
    return place.tree().read(place.path());
  }

  /**
   * The text of a file as it comes.
   *
   * @param whileWaiting called again and again while the reader waits; what it throws ends that
   * @throws MmException as {@link #read}
   */
  public Reader open(String path, Runnable whileWaiting) {
    MountTable.Place place = readable(path);
    return place.tree().open(place.path(), whileWaiting);
  }

  private MountTable.Place readable(String path) {
    if (isDirectory(path)) {
      throw new MmException(Errno.EINVAL, path, "a directory", "a file: ls lists them", "");
    }
    return file(path);
  }

  /**
   * Refuses a path that cannot be written.
   *
   * @throws MmException ENOENT or EPERM
   */
  public void checkWritable(String path) {
    writable(path);
  }

  private MountTable.Place writable(String path) {
    if (!isDirectory(path)) {
      MountTable.Place place = fileOrNew(path);
      if (place.tree().isWritable(place.path())) {
        return place;
      }
    }
    throw new MmException(
        Errno.EPERM,
        path,
        "cannot be written",
        "/dev/null, or a control file such as %s/drivers/device_dax/bind"
            .formatted(DaxBusFiles.ROOT),
        "");
  }

  /**
   * Writes a line.
   *
   * @param append as {@code >>} does; else as {@code >}
   * @throws MmException EPERM for a file that cannot be written, and what the write does
   */
  public void write(String path, String text, boolean append) {
    MountTable.Place place = writable(path);
    place.tree().write(place.path(), text, append);
  }

  /** The paths that a pattern with {@code *} stands for, sorted; none if there is no such file. */
  public List<String> glob(String pattern) {
    if (!pattern.startsWith("/")) {
      return List.of();
    }
    List<String> paths = List.of("");
    for (String name : clean(pattern).substring(1).split("/")) {
      paths = paths.stream().flatMap(path -> matches(path, name).stream()).toList();
    }
    return paths;
  }

  private List<String> matches(String directory, String name) {
    String parent = directory.isEmpty() ? "/" : directory;
    if (!isDirectory(parent)) {
      return List.of();
    }
    Pattern pattern =
        Pattern.compile(
            Pattern.compile("\\*")
                .splitAsStream(name + "\0")
                .map(part -> part.replace("\0", ""))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    return list(parent).stream()
        .filter(entry -> pattern.matcher(entry).matches())
        .map(entry -> directory + "/" + entry)
        .toList();
  }

  private static String clean(String path) {
    String clean = path.replaceAll("/+", "/");
    return clean.length() > 1 && clean.endsWith("/")
        ? clean.substring(0, clean.length() - 1)
        : clean;
  }

  private static MmException missing(String path) {
    return new MmException(
        Errno.ENOENT, path, "no such file or directory", "a path that ls shows", "try ls /");
  }
}
