package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.trace.event.TraceException;

/** A read or a write that is refused, before it is known which path was used. */
final class FileProblem extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN_CHARS = 60;

  private final Errno errno;
  private final String found;
  private final String expected;
  private final String nextStep;

  FileProblem(Errno errno, String found, String expected, String nextStep) {
    super(found + ", expected " + expected);
    this.errno = errno;
    this.found = found;
    this.expected = expected;
    this.nextStep = nextStep;
  }

  /** A text that is none of those that the file takes. */
  static FileProblem invalid(String text, String expected) {
    return new FileProblem(Errno.EINVAL, quoted(text), expected, "");
  }

  /** What somebody else said of a text. */
  static FileProblem refused(Errno errno, TraceException reason) {
    return new FileProblem(errno, String.valueOf(reason.getMessage()), "", "");
  }

  private static String quoted(String text) {
    String start = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
    return "'" + start.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /** Reads a switch. */
  static boolean onOff(String text) {
    return switch (text.strip()) {
      case "0" -> false;
      case "1" -> true;
      default -> throw invalid(text, "0 or 1");
    };
  }

  /** The failure of a system call on a path. */
  MmException on(String path) {
    return expected.isEmpty()
        ? new MmException(errno, path + ": " + found)
        : new MmException(errno, path, found, expected, nextStep);
  }
}
