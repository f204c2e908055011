package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import org.jspecify.annotations.Nullable;

/** What a namespace is used as, in ndctl's words. */
public enum NamespaceMode {
  /** Plain memory without an info block. */
  RAW("raw"),
  /** A block device with direct access on top, for a file system. */
  FSDAX("fsdax"),
  /** A device-dax device on top, described by an info block. */
  DEVDAX("devdax");

  private final String text;

  NamespaceMode(String text) {
    this.text = text;
  }

  /** The name that ndctl prints. */
  public String text() {
    return text;
  }

  /**
   * Reads the value of {@code --mode}.
   *
   * @param value what was given, or null where the option is absent: ndctl then means fsdax
   * @throws MmException EOPNOTSUPP for a mode whose driver is not there, EINVAL for an unknown one
   */
  public static NamespaceMode parse(@Nullable String value) {
    if (value == null) {
      return FSDAX;
    }
    return switch (value) {
      case "raw" -> RAW;
      case "devdax", "dax" -> DEVDAX;
      case "fsdax", "memory" -> FSDAX;
      case "sector", "safe" -> throw unsupported(value);
      default ->
          throw new MmException(
              Errno.EINVAL,
              "--mode",
              "'" + value + "'",
              "fsdax, devdax or raw",
              "ndctl knows no other");
    };
  }

  private static MmException unsupported(String value) {
    return new MmException(
        Errno.EOPNOTSUPP,
        "--mode=" + value,
        "there is no sector (btt) driver",
        "fsdax, devdax or raw",
        "use -m fsdax");
  }
}
