package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DaxAttributes;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DaxRegion;
import dev.pgmap.core.dax.DevDax;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files below {@code /sys/bus/dax/devices/DEVICE} that can be written: {@code size}, {@code
 * align} and {@code mapping} of a device of a dynamic region, {@code dax_region/create} and {@code
 * dax_region/delete} of the region itself.
 */
final class DaxControls {
  private static final Pattern OF_DEVICE =
      Pattern.compile("devices/(?<device>[^/]+)/(?<file>size|align|mapping)");
  private static final Pattern OF_REGION =
      Pattern.compile("devices/(?<device>[^/]+)/dax_region/(?<file>create|delete)");
  private static final Pattern RANGE =
      Pattern.compile("(?:0x)?([0-9a-fA-F]{1,15})-(?:0x)?([0-9a-fA-F]{1,15})");

  private final DaxBus bus;

  DaxControls(DaxBus bus) {
    this.bus = bus;
  }

  /** The names that a directory has only for writing. */
  List<String> names(String directory) {
    if (!directory.startsWith("devices/") || !isDynamic(directory.split("/")[1])) {
      return List.of();
    }
    return switch (directory.split("/").length) {
      case 2 -> List.of("mapping");
      case 3 -> directory.endsWith("/dax_region") ? List.of("create", "delete") : List.of();
      default -> List.of();
    };
  }

  private boolean isDynamic(String device) {
    return bus.devices().stream()
        .anyMatch(one -> one.name().equals(device) && !one.region().isStatic());
  }

  boolean isWritable(String path) {
    Matcher file = match(path);
    return file != null && isDynamic(file.group("device"));
  }

  private static @Nullable Matcher match(String path) {
    Matcher ofDevice = OF_DEVICE.matcher(path);
    if (ofDevice.matches()) {
      return ofDevice;
    }
    Matcher ofRegion = OF_REGION.matcher(path);
    return ofRegion.matches() ? ofRegion : null;
  }

  /** Whether a file can be read too. */
  static boolean isReadable(String path) {
    return path.endsWith("/size") || path.endsWith("/align");
  }

  void write(String path, String text) {
    Matcher file = Objects.requireNonNull(match(path));
    DaxAttributes attributes = bus.attributes();
    DevDax device = bus.device(file.group("device"));
    DaxRegion region = device.region();
    switch (file.group("file")) {
      case "size" -> attributes.setSize(device.name(), number(path, text));
      case "align" -> attributes.setAlign(device.name(), number(path, text));
      case "mapping" -> attributes.addMapping(device.name(), range(path, text));
      case "create" -> {
        checkOne(path, text);
        attributes.create(region);
      }
      default -> attributes.delete(region, text);
    }
  }

  private static void checkOne(String path, String text) {
    if (number(path, text) != 1) {
      throw invalid(path, text, "1");
    }
  }

  private static long number(String path, String text) {
    try {
      long value = Long.decode(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(path, text, "a number, decimal or 0x...");
    }
    throw invalid(path, text, "a number that is not negative");
  }

  private static PhysRange range(String path, String text) {
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      long start = Long.parseLong(range.group(1), 16);
      long end = Long.parseLong(range.group(2), 16);
      if (start <= end) {
        return new PhysRange(start, end);
      }
    }
    throw invalid(path, text, "START-END, two hexadecimal addresses");
  }

  private static MmException invalid(String path, String text, String expected) {
    return new MmException(
        Errno.EINVAL, DaxBusFiles.ROOT + "/" + path, "'" + text + "'", expected, "");
  }
}
