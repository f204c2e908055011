package dev.pgmap.trace.read.text;

/**
 * Lines of {@code perf script}.
 *
 * <pre>
 *   line    comm pid['/' tid] ['[' cpu ']'] time ':' [period] [system ':'] event ':' text
 *   frame   address function ['+' offset] '(' object ')'
 * </pre>
 */
final class PerfLines implements Dialect {
  private static final int MAX_CPUS = 1 << 16;

  private String frame = "";

  @Override
  public Line read(String line, RawEvent to) {
    if (line.isBlank() || line.stripLeading().startsWith("#")) {
      return Line.OTHER;
    }
    if (isFrame(line)) {
      return Line.FRAME;
    }
    return isEvent(line, to) ? Line.EVENT : Line.UNKNOWN;
  }

  private boolean isFrame(String line) {
    Words words = new Words(line, 0);
    String address = words.word();
    String rest = words.rest();
    if (!Words.isBlank(line.charAt(0)) || TextNumbers.hex(address) == null || !rest.endsWith(")")) {
      return false;
    }
    String name = FunctionText.name(rest);
    frame = name.equals("[unknown]") ? "0x" + address : name;
    return true;
  }

  /** The time is the first word that is a number with a fraction and a colon. */
  private static boolean isEvent(String line, RawEvent to) {
    Words words = new Words(line, 0);
    words.skipBlanks();
    while (words.position() < line.length()) {
      int from = words.position();
      String word = words.word();
      if (word.length() > 2 && word.endsWith(":") && word.indexOf('.') > 0) {
        return TextNumbers.stamp(word.substring(0, word.length() - 1), to)
            && isTask(line.substring(0, from).strip(), to)
            && isWhat(words, to);
      }
      words.skipBlanks();
    }
    return false;
  }

  private static boolean isTask(String head, RawEvent to) {
    String task = head;
    if (head.endsWith("]")) {
      int open = head.lastIndexOf('[');
      int cpu = open < 0 ? -1 : TextNumbers.small(head.substring(open + 1, head.length() - 1));
      if (cpu < 0 || cpu >= MAX_CPUS) {
        return false;
      }
      to.cpu = cpu;
      task = head.substring(0, open).stripTrailing();
    }
    int blank = task.lastIndexOf(' ');
    String ids = task.substring(blank + 1);
    int pid = TextNumbers.small(ids.substring(ids.indexOf('/') + 1));
    if (blank < 0 || pid < 0) {
      return false;
    }
    to.pid = pid;
    to.comm = task.substring(0, blank).strip();
    return true;
  }

  private static boolean isWhat(Words words, RawEvent to) {
    if (TextNumbers.decimal(words.peek()) != null) {
      words.word();
    }
    String name = words.word();
    if (!name.endsWith(":") || name.length() < 2) {
      return false;
    }
    int colon = name.indexOf(':');
    boolean hasSystem = colon < name.length() - 1;
    to.system = hasSystem ? name.substring(0, colon) : "";
    to.event = name.substring(hasSystem ? colon + 1 : 0, name.length() - 1);
    to.body = words.rest();
    return true;
  }

  @Override
  public String frame() {
    return frame;
  }

  @Override
  public int lostCpu() {
    return 0;
  }

  @Override
  public long lostEvents() {
    return 0;
  }

  @Override
  public int nrCpus() {
    return 0;
  }
}
