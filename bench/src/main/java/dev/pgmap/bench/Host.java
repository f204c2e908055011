package dev.pgmap.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the host says about itself and about this process. */
final class Host {
  private Host() {}

  /** Processor, cpus, memory and load, in one line. */
  static String describe() {
    return "%s, %d cpus, %d GiB, load average %s"
        .formatted(
            field("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            kilobytes("/proc/meminfo", "MemTotal") + (1 << 19) >> 20,
            loadAverage());
  }

  /** Processes ready to run, over 1, 5 and 15 minutes. */
  static String loadAverage() {
    return String.join(" ", List.of(lines("/proc/loadavg").getFirst().split(" ")).subList(0, 3));
  }

  /** The most memory that this process has had, in bytes. */
  static long peakBytes() {
    return kilobytes("/proc/self/status", "VmHWM") << 10;
  }

  private static long kilobytes(String file, String name) {
    String value = field(file, name);
    return value.endsWith(" kB") ? Long.parseLong(value.substring(0, value.length() - 3)) : 0;
  }

  private static String field(String file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return List.of("");
    }
  }
}
