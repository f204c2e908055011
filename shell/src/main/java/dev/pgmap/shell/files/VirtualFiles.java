package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.SysfsView;
import dev.pgmap.shell.session.Lab;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of the machine: {@code /proc}, {@code /sys} and the names in {@code /dev}.
 *
 * <p>A view of what is there at each call; thread-safe.
 */
public final class VirtualFiles {
  private static final String NULL = "/dev/null";
  private static final String DRIVERS = SysfsView.ROOT + "/drivers/";

  private final Lab lab;
  private final SysfsView sysfs;
  private final ProcFiles proc;

  /** The files of that machine. */
  public VirtualFiles(Lab lab) {
    this.lab = lab;
    this.sysfs = lab.machine().sysfs();
    this.proc = new ProcFiles(lab);
  }

  /** Whether the path is a directory. */
  public boolean isDirectory(String path) {
    String clean = clean(path);
    return switch (clean) {
      case "/", "/proc", "/dev", "/sys", "/sys/bus" -> true;
      default -> sysfs.isDirectory(clean);
    };
  }

  /**
   * The names in a directory, sorted; for a file, its own path.
   *
   * @throws MmException ENOENT if there is no such thing
   */
  public List<String> list(String path) {
    String clean = clean(path);
    return switch (clean) {
      case "/" -> List.of("dev", "proc", "sys");
      case "/sys" -> List.of("bus");
      case "/sys/bus" -> List.of("dax");
      case "/proc" -> proc.names();
      case "/dev" -> devices();
      default -> {
        if (sysfs.isDirectory(clean)) {
          yield withControls(clean, sysfs.list(clean));
        }
        if (!isFile(clean)) {
          throw missing(path);
        }
        yield List.of(path);
      }
    };
  }

  private List<String> devices() {
    TreeSet<String> names = new TreeSet<>(List.of("null", "zero"));
    for (String node : lab.machine().daxBus().nodes().paths()) {
      names.add(node.substring("/dev/".length()));
    }
    return List.copyOf(names);
  }

  private static List<String> withControls(String directory, List<String> names) {
    if (!directory.startsWith(DRIVERS)) {
      return names;
    }
    TreeSet<String> all = new TreeSet<>(names);
    all.addAll(List.of("bind", "unbind"));
    return List.copyOf(all);
  }

  private boolean isFile(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return false;
    }
    String directory = slash == 0 ? "/" : path.substring(0, slash);
    return isDirectory(directory) && list(directory).contains(path.substring(slash + 1));
  }

  /**
   * The text of a file, with its line ends.
   *
   * @throws MmException ENOENT, EINVAL for a directory or a device
   */
  public String read(String path) {
    String clean = clean(path);
    if (isDirectory(clean)) {
      throw refused(path, "a directory", "a file: ls lists them");
    }
    if (clean.startsWith("/proc/") && proc.names().contains(clean.substring(6))) {
      return proc.read(clean.substring(6));
    }
    if (clean.equals(NULL)) {
      return "";
    }
    if (clean.startsWith("/dev/") && isFile(clean)) {
      throw refused(path, "a device", "a file of /proc or /sys: devices are mapped, see gup_test");
    }
    if (!isFile(clean)) {
      throw missing(path);
    }
    if (controlledDriver(clean) != null) {
      throw refused(path, "a file that can only be written", "one that can be read");
    }
    return sysfs.read(clean) + "\n";
  }

  /**
   * Refuses a path that cannot be written.
   *
   * @throws MmException ENOENT or EPERM
   */
  public void checkWritable(String path) {
    String clean = clean(path);
    if (!clean.equals(NULL) && controlledDriver(clean) == null) {
      if (!isFile(clean)) {
        throw missing(path);
      }
      throw new MmException(
          Errno.EPERM,
          path,
          "a file that cannot be written",
          NULL + " or " + DRIVERS + "*/{bind,unbind}",
          "");
    }
  }

  /**
   * Writes a line.
   *
   * @throws MmException EPERM for a file that cannot be written, and what the write does
   */
  public void write(String path, String text) {
    checkWritable(path);
    String clean = clean(path);
    if (clean.equals(NULL)) {
      return;
    }
    String device = text.strip();
    if (clean.endsWith("/bind")) {
      lab.machine().daxBus().enable(device);
    } else {
      lab.machine().daxBus().disable(device);
    }
  }

  private @Nullable String controlledDriver(String path) {
    for (String driver : lab.machine().daxBus().drivers()) {
      if (path.equals(DRIVERS + driver + "/bind") || path.equals(DRIVERS + driver + "/unbind")) {
        return driver;
      }
    }
    return null;
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

  private static MmException refused(String path, String found, String expected) {
    return new MmException(Errno.EINVAL, path, found, expected, "");
  }
}
