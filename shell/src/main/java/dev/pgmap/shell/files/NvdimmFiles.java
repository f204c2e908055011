package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.core.nvdimm.Region;
import dev.pgmap.core.phys.MediaErrors;
import java.util.List;

/** {@code /sys/bus/nd/devices}: the regions, of whose files {@code align} can be written. */
final class NvdimmFiles implements VirtualTree {
  static final String ROOT = "/sys/bus/nd/devices";

  private static final String ALIGN = "align";
  private static final List<String> OF_REGION =
      List.of(ALIGN, "available_size", "badblocks", "max_available_extent", "resource", "size");

  private final NvdimmBus bus;

  NvdimmFiles(NvdimmBus bus) {
    this.bus = bus;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || bus.regions().stream().anyMatch(region -> region.name().equals(path));
  }

  @Override
  public List<String> list(String path) {
    return path.isEmpty() ? bus.regions().stream().map(Region::name).toList() : OF_REGION;
  }

  @Override
  public boolean isWritable(String path) {
    return path.endsWith("/" + ALIGN);
  }

  private Region region(String path) {
    String name = path.split("/")[0];
    return bus.regions().stream()
        .filter(region -> region.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new MmException(Errno.ENOENT, name, "no such region", "", ""));
  }

  @Override
  public String read(String path) {
    Region region = region(path);
    if (path.endsWith("/badblocks")) {
      return badblocks(region);
    }
    return switch (path.substring(path.indexOf('/') + 1)) {
          case ALIGN -> "0x" + Long.toHexString(region.alignBytes());
          case "available_size" -> Long.toString(region.availableBytes());
          case "max_available_extent" -> Long.toString(region.maxAvailableExtentBytes());
          case "resource" -> "0x" + Long.toHexString(region.range().start());
          default -> Long.toString(region.range().bytes());
        }
        + "\n";
  }

  /** Lines {@code sector length}, from the first byte of the region. */
  private String badblocks(Region region) {
    StringBuilder lines = new StringBuilder();
    for (PhysRange lost : bus.mediaErrors().in(region.range())) {
      long sector = (lost.start() - region.range().start()) / MediaErrors.SECTOR_BYTES;
      lines.append(sector).append(' ').append(lost.bytes() / MediaErrors.SECTOR_BYTES).append('\n');
    }
    return lines.toString();
  }

  @Override
  public void write(String path, String text, boolean append) {
    region(path).setAlignBytes(number(path, text.strip()));
  }

  private static long number(String path, String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new MmException(
          Errno.EINVAL, ROOT + "/" + path, "'" + text + "'", "a number, decimal or 0x...", "");
    }
  }
}
