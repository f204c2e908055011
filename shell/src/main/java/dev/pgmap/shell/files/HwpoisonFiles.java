package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.ErrorInjection;
import java.util.List;

/** {@code hwpoison} in debugfs: two files to write the pfn of a page to. */
final class HwpoisonFiles implements VirtualTree {
  static final String ROOT = "/sys/kernel/debug/hwpoison";

  private static final String CORRUPT = "corrupt-pfn";
  private static final String UNPOISON = "unpoison-pfn";

  private final ErrorInjection injection;

  HwpoisonFiles(ErrorInjection injection) {
    this.injection = injection;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty();
  }

  @Override
  public List<String> list(String path) {
    return List.of(CORRUPT, UNPOISON);
  }

  @Override
  public boolean isWritable(String path) {
    return true;
  }

  @Override
  public String read(String path) {
    throw new MmException(
        Errno.EACCES,
        ROOT + "/" + path,
        "a file that can only be written",
        "one that can be read",
        "echo PFN > " + ROOT + "/" + path);
  }

  @Override
  public void write(String path, String text, boolean append) {
    long pfn = pfn(path, text.strip());
    if (path.equals(CORRUPT)) {
      injection.corruptPfn(pfn);
    } else {
      injection.unpoisonPfn(pfn);
    }
  }

  private static long pfn(String path, String text) {
    try {
      return parseUnsigned(text);
    } catch (NumberFormatException e) {
      throw new MmException(
          Errno.EINVAL, ROOT + "/" + path, "'" + text + "'", "one pfn, decimal or 0x...", "");
    }
  }

  /** Reads a number as {@code kstrtoull} with base 0 does: decimal, 0x or octal, up to 64 bits. */
  private static long parseUnsigned(String text) {
    String number = text.startsWith("+") ? text.substring(1) : text;
    boolean hex = number.startsWith("0x") || number.startsWith("0X");
    String digits = hex ? number.substring(2) : number;
    if (digits.startsWith("+")) {
      throw new NumberFormatException(text);
    }
    int radix = hex ? 16 : digits.startsWith("0") ? 8 : 10;
    return Long.parseUnsignedLong(digits, radix);
  }
}
