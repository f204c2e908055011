package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Task;
import dev.pgmap.host.ModuleInfo;
import dev.pgmap.shell.page.SmapsText;
import dev.pgmap.shell.session.Lab;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code /proc}, in the kernel's formats; of a process {@code cmdline}, as a line, and
 * of one that has memory {@code maps} and {@code smaps}.
 */
final class ProcFiles implements VirtualTree {
  private static final String COMMAND_LINE = "cmdline";
  private static final String MAPS = "maps";
  private static final String SMAPS = "smaps";

  private final Lab lab;
  private final Machine machine;
  private final TreeMap<String, Supplier<String>> files =
      new TreeMap<>(
          Map.of(
              "iomem", this::iomem,
              "meminfo", this::meminfo,
              "modules", this::modules,
              "uptime", this::uptime,
              "version", this::version,
              "vmstat", this::vmstat));

  ProcFiles(Lab lab) {
    this.lab = lab;
    this.machine = lab.machine();
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || commandLines().containsKey(path);
  }

  @Override
  public List<String> list(String path) {
    if (!path.isEmpty()) {
      return task(path) == null ? List.of(COMMAND_LINE) : List.of(COMMAND_LINE, MAPS, SMAPS);
    }
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(commandLines().keySet());
    return List.copyOf(names);
  }

  /** The tasks, shells and jobs, by pid. */
  private Map<String, String> commandLines() {
    Map<String, String> lines = new TreeMap<>();
    lab.processes().all().forEach((pid, line) -> lines.put(Integer.toString(pid), line));
    lab.tasks().all().forEach(task -> lines.put(Integer.toString(task.pid()), task.comm()));
    return lines;
  }

  @Override
  public boolean isWritable(String path) {
    return false;
  }

  @Override
  public String read(String path) {
    Supplier<String> file = files.get(path);
    if (file != null) {
      return file.get();
    }
    String[] parts = path.split("/", 2);
    Task task = task(parts[0]);
    if (parts.length == 2 && !parts[1].equals(COMMAND_LINE)) {
      return ofTask(path, parts[1], task);
    }
    String line = commandLines().get(parts[0]);
    if (line == null) {
      throw new MmException(
          Errno.ENOENT, "/proc/" + path, "no such process", "one that ps shows", "");
    }
    return line + "\n";
  }

  private @Nullable Task task(String pid) {
    for (Task task : lab.tasks().all()) {
      if (Integer.toString(task.pid()).equals(pid)) {
        return task;
      }
    }
    return null;
  }

  private String ofTask(String path, String file, @Nullable Task task) {
    if (task != null && file.equals(MAPS)) {
      return task.mm().vmas().stream().map(vma -> vma + "\n").collect(Collectors.joining());
    }
    if (task != null && file.equals(SMAPS)) {
      return SmapsText.of(task.mm(), machine.spec().walker());
    }
    throw new MmException(
        Errno.ENOENT,
        "/proc/" + path,
        "no such file",
        "cmdline, and of a task maps or smaps",
        "see ps");
  }

  @Override
  public void write(String path, String text, boolean append) {
    throw new UnsupportedOperationException("/proc/" + path);
  }

  private String iomem() {
    return machine.resources().lines().stream()
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private String vmstat() {
    return "nr_free_pages %d\nnr_foll_pin_acquired %d\nnr_foll_pin_released %d\n"
        .formatted(
            machine.ram().freePages(),
            machine.vmstat().pinAcquired(),
            machine.vmstat().pinReleased());
  }

  private String meminfo() {
    return kilobytes("MemTotal:", machine.ram().totalPages())
        + kilobytes("MemFree:", machine.ram().freePages());
  }

  private static String kilobytes(String name, long nrPages) {
    return String.format(Locale.ROOT, "%-16s%8d kB\n", name, nrPages << 2);
  }

  private String modules() {
    return lab.host().list().stream().map(ProcFiles::module).collect(Collectors.joining());
  }

  /** Without a load address: a plugin has none. */
  private static String module(ModuleInfo module) {
    return "%s %d %d - %s 0x0000000000000000\n"
        .formatted(module.name(), module.bytes(), module.usedBy().size(), module.state().text());
  }

  /** Both figures are the time since boot: a machine that is simulated is never idle. */
  private String uptime() {
    double seconds = machine.sync().clock().nanos() / 1e9;
    return String.format(Locale.ROOT, "%.2f %.2f\n", seconds, seconds);
  }

  private String version() {
    return "Linux version %s-pgmap (a machine that behaves like it)\n"
        .formatted(machine.era().name());
  }
}
