package dev.pgmap.shell.vmtests;

import java.util.ArrayList;
import java.util.List;

/** The command lines of {@code run_vmtests.sh -t gup_test}, in its order. */
final class GupMatrix {
  private static final List<String> COMMANDS = List.of("-u", "-U", "-a", "-b", "-L");
  private static final List<String> PAGES_PER_CALL = List.of("1", "512", "123", "-1");
  private static final List<String> DUMP =
      List.of("gup_test", "-ct", "-F", "0x1", "0", "19", "0x1000");

  private GupMatrix() {}

  /**
   * All lines.
   *
   * @param whole every combination ({@code run_gup_matrix}) rather than the four of a short run
   * @param mib how much each test maps
   */
  static List<List<String>> lines(boolean whole, int mib) {
    List<List<String>> lines = new ArrayList<>(whole ? matrix(mib) : brief(mib));
    lines.add(DUMP);
    lines.add(List.of("gup_longterm"));
    return lines;
  }

  private static List<List<String>> brief(int mib) {
    List<List<String>> lines = new ArrayList<>();
    for (String command : List.of("-u", "-a")) {
      for (String nr : List.of("1", "-1")) {
        lines.add(line(mib, List.of(), List.of(command, "-n", nr)));
      }
    }
    return lines;
  }

  private static List<List<String>> matrix(int mib) {
    List<List<String>> lines = new ArrayList<>();
    for (String huge : List.of("-t", "-T", "-H")) {
      for (String command : COMMANDS) {
        for (String write : List.of("-w", "-W")) {
          for (List<String> share : List.of(List.of("-S"), List.<String>of())) {
            for (String nr : PAGES_PER_CALL) {
              List<String> options = new ArrayList<>(List.of(command, write));
              options.addAll(share);
              options.addAll(List.of("-n", nr));
              lines.add(line(mib, List.of(huge), options));
            }
          }
        }
      }
    }
    return lines;
  }

  /** The size comes before {@code -n}, which with -1 means all of it. */
  private static List<String> line(int mib, List<String> first, List<String> options) {
    List<String> line = new ArrayList<>(List.of("gup_test"));
    line.addAll(first);
    line.addAll(List.of("-m", Integer.toString(mib)));
    line.addAll(options);
    return line;
  }
}
