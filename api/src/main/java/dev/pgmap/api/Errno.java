package dev.pgmap.api;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kernel errno values that the engine returns, with the numbers of Linux on x86-64.
 *
 * <p>A failed call carries the positive number; the console prints it negated, as a kernel log
 * would.
 */
public enum Errno {
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  ENXIO(6, "No such device or address"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EFAULT(14, "Bad address"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  EXDEV(18, "Invalid cross-device link"),
  ENODEV(19, "No such device"),
  ENOTDIR(20, "Not a directory"),
  EISDIR(21, "Is a directory"),
  EINVAL(22, "Invalid argument"),
  EFBIG(27, "File too large"),
  ENOSPC(28, "No space left on device"),
  EROFS(30, "Read-only file system"),
  EMLINK(31, "Too many links"),
  ERANGE(34, "Numerical result out of range"),
  ENAMETOOLONG(36, "File name too long"),
  ENOTEMPTY(39, "Directory not empty"),
  ENOEXEC(8, "Exec format error"),
  EOVERFLOW(75, "Value too large for defined data type"),
  EOPNOTSUPP(95, "Operation not supported"),
  EUCLEAN(117, "Structure needs cleaning"),
  EREMOTEIO(121, "Remote I/O error"),
  EHWPOISON(133, "Memory page has hardware error");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The errno with that positive number; empty if the engine knows none. */
  public static Optional<Errno> ofNumber(int number) {
    return Arrays.stream(values()).filter(errno -> errno.number == number).findFirst();
  }

  /** The positive errno number. */
  public int number() {
    return number;
  }

  /** The text that {@code strerror} gives for this number. */
  public String text() {
    return text;
  }
}
