package dev.pgmap.shell.files;

import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The words after {@code head} and {@code tail}, whose option may be a mere number.
 *
 * @param nrLines {@code -n N} or {@code -N}; 10 without
 * @param paths the files; the pipe without
 */
record LineCount(int nrLines, List<String> paths) {
  private static final int MOST = 1_000_000;

  /**
   * Reads them.
   *
   * @throws CommandException if the number is none, or there is another option
   */
  static LineCount of(List<String> words) {
    int nrLines = 10;
    List<String> paths = new ArrayList<>();
    Deque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      if (word.startsWith("-n") && !word.equals("-")) {
        nrLines = number(word.length() > 2 ? word.substring(2) : rest.isEmpty() ? "" : rest.pop());
      } else if (word.matches("-[0-9]+")) {
        nrLines = number(word.substring(1));
      } else if (word.startsWith("-") && !word.equals(InputText.PIPE)) {
        throw CommandException.badValue("option", word, "-n N or -N");
      } else {
        paths.add(word);
      }
    }
    return new LineCount(nrLines, paths.isEmpty() ? List.of(InputText.PIPE) : paths);
  }

  private static int number(String digits) {
    return Numbers.parseInt("-n", digits, 0, MOST);
  }
}
