package dev.pgmap.shell.conformance;

import dev.pgmap.api.Errno;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Printed lines without what differs from run to run: times, virtual addresses, uuids, pids; and an
 * error message as no more than its errno, since programs word it each in their own way.
 */
final class Printed {
  /** Stands for the time stamp of a line of zdtool. */
  private static final String STAMP = "[] ";

  private static final Pattern STAMPED = Pattern.compile("^\\[ *[0-9]+\\.[0-9]{6}\\] ");
  private static final Pattern OF_TOOL =
      Pattern.compile("^(?:\\[\\] |touched |access |kpageflags\\(|pfn=)");
  private static final Pattern OF_FILE_CHANGE = Pattern.compile("^\\[\\] (?:truncate|punch)\\b");
  private static final Pattern RECORDED_ERROR =
      Pattern.compile(
          "(?<before>.*?)(?:sh|cat|zdtool|gup_test|ndctl|daxctl|libdaxctl|error [a-z ]+)"
              + "(?:: [^:]+)*: (?<text>"
              + Arrays.stream(Errno.values())
                  .map(errno -> Pattern.quote(errno.text()))
                  .collect(Collectors.joining("|"))
              + ")");
  private static final Pattern ENGINE_ERROR =
      Pattern.compile("(?<before>.*?)" + Capture.ERROR_MARK + ".*\\(-(?<errno>E[A-Z]+)\\)");

  /** Why gup_test took fewer pages than it was asked for, which its next line tells by a size. */
  private static final Pattern EXPLANATION =
      Pattern.compile(Capture.ERROR_MARK + "gup_test: \\S+ ended at 0x.*");

  /** Lines of ps, of BusyBox and ours: the shells and greps that the line itself is made of. */
  private static final Pattern OWN_PROCESS =
      Pattern.compile(" *[0-9]+ +(?:root +(?:\\{ps\\} )?|- +)(?:sh -c|grep) .*");

  /** What the library of huge pages said in a test program that had it. */
  private static final Pattern LIBHUGETLBFS = Pattern.compile("libhugetlbfs: WARNING: .*");

  private static final Pattern KERNEL_STACK = Pattern.compile("\\[<0>\\] .*");

  /** What the kernel logs of memory failures; the rest of its log is of no concern here. */
  private static final Pattern FAILURE =
      Pattern.compile(
          "(?m)^\\[ *[0-9.]+\\] ((?:Injecting|Memory failure|Soft offlin|Unpoison).*)$");

  private record Noise(Pattern pattern, String instead) {}

  private static final List<Noise> NOISE =
      List.of(
          new Noise(STAMPED, STAMP),
          new Noise(Pattern.compile("^# [^ :]+:[0-9]+:"), "# *:"),
          new Noise(Pattern.compile("-?[0-9]+\\.[0-9]+(?= ms| GB/s|%$)"), "*"),
          new Noise(Pattern.compile("\\bva=0x[0-9a-f]+"), "va=*"),
          new Noise(Pattern.compile("\\bvirtual address 0x[0-9a-f]+"), "virtual address *"),
          new Noise(Pattern.compile("\\bSIGBUS to ([^:]+):[0-9]+"), "SIGBUS to $1:*"),
          new Noise(Pattern.compile("\\baddr=0x[0-9a-f]+"), "addr=*"),
          new Noise(Pattern.compile("\"uuid\":\"[^\"]*\""), "\"uuid\":*"),
          new Noise(Pattern.compile("Time: get:[0-9]+ put:[0-9]+ us"), "Time: get:* put:* us"),
          new Noise(Pattern.compile("\\b(start|end|at) [0-9]+\\.[0-9]{2}$"), "$1 *"),
          new Noise(Pattern.compile("\\brc=[1-9][0-9]*"), "rc=failed"),
          new Noise(Pattern.compile("\\bwaited_s=0\\.[0-4][0-9]*"), "waited_s=none"),
          new Noise(Pattern.compile("\\bwaited_s=[0-9.]+"), "waited_s=some"));

  /** Numbers of pages, which differ where files lie in other blocks. */
  private static final List<Noise> PAGE_NUMBERS =
      List.of(
          new Noise(Pattern.compile("\\bpfn=0x[0-9a-f]+"), "pfn=*"),
          new Noise(Pattern.compile("\\bpfn 0x[0-9a-f]+"), "pfn *"),
          new Noise(Pattern.compile("^Memory failure: 0x[0-9a-f]+"), "Memory failure: *"));

  private Printed() {}

  /** A line without noise, also without numbers of pages. */
  static String withoutPageNumbers(String line) {
    return without(PAGE_NUMBERS, line);
  }

  /** Whether a line without noise tells how a file was changed. */
  static boolean isOfFileChange(String line) {
    return OF_FILE_CHANGE.matcher(line).find();
  }

  /** A line of a recording; none if it is noise as a whole, two if an error ends it. */
  static List<String> ofRecording(String line) {
    if (isNoise(line)) {
      return List.of();
    }
    Matcher error = RECORDED_ERROR.matcher(line);
    if (!error.matches()) {
      return List.of(withoutNoise(line));
    }
    Errno errno =
        Arrays.stream(Errno.values())
            .filter(one -> one.text().equals(error.group("text")))
            .findFirst()
            .orElseThrow();
    return withError(error.group("before"), errno.name());
  }

  /**
   * The same for a line of the console, with marks of {@link Capture}.
   *
   * @param previous the line before it: an error message that only explains what that line reports
   *     as a result, such as {@code register_buffers=-1 Operation not supported}, is left out
   */
  static List<String> ofConsole(String line, String previous) {
    if (EXPLANATION.matcher(line).matches()) {
      return List.of();
    }
    Matcher error = ENGINE_ERROR.matcher(line);
    if (!error.matches()) {
      String plain = line.replace(String.valueOf(Capture.ERROR_MARK), "");
      return isNoise(plain) ? List.of() : List.of(withoutNoise(plain));
    }
    String name = error.group("errno");
    return previous.contains("=-1 " + Errno.valueOf(name).text())
        ? List.of()
        : withError(error.group("before"), name);
  }

  private static List<String> withError(String before, String errno) {
    String message = "error " + errno;
    return before.isEmpty() ? List.of(message) : List.of(withoutNoise(before), message);
  }

  private static boolean isNoise(String line) {
    return OWN_PROCESS.matcher(line).matches()
        || KERNEL_STACK.matcher(line).matches()
        || LIBHUGETLBFS.matcher(line).matches();
  }

  private static String withoutNoise(String line) {
    return without(NOISE, line);
  }

  private static String without(List<Noise> noises, String line) {
    String rest = line;
    for (Noise noise : noises) {
      rest = noise.pattern.matcher(rest).replaceAll(noise.instead);
    }
    return rest;
  }

  /** The lines of a kernel log that tell of memory failures. */
  static List<String> failuresIn(String dmesg) {
    return FAILURE.matcher(dmesg).results().map(line -> withoutNoise(line.group(1))).toList();
  }

  /** Whether a line without noise was printed by zdtool. */
  static boolean isOfTool(String line) {
    return OF_TOOL.matcher(line).find();
  }
}
