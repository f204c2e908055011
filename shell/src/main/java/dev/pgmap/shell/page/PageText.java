package dev.pgmap.shell.page;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.RefWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Parts of struct pages as text. */
final class PageText {
  private static final int WORDS_PER_LINE = 4;
  private static final int REFCOUNT_WORD = (int) (PageLayout.MAPCOUNT / 8);

  private PageText() {}

  /** Flags as {@code %pGp} prints them: {@code referenced|head|node=0|zone=3}. */
  static String flagNames(long flags) {
    List<String> names = new ArrayList<>();
    PageFlag.of(flags).forEach(flag -> names.add(flag.kernelName()));
    names.add("node=0");
    names.add("zone=" + (flags >>> PageLayout.ZONE_SHIFT & PageLayout.ZONE_MASK));
    return String.join("|", names);
  }

  /** The words of a record, four to a line, after a label. */
  static List<String> rawLines(String label, List<Long> words) {
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < words.size(); from += WORDS_PER_LINE) {
      StringBuilder line = new StringBuilder(label);
      words
          .subList(from, from + WORDS_PER_LINE)
          .forEach(word -> line.append(String.format(Locale.ROOT, " %016x", word)));
      lines.add(line.toString());
    }
    return lines;
  }

  /** The words as a kernel has them: with its {@code _refcount} in place of the reference word. */
  static List<Long> kernelWords(List<Long> words) {
    List<Long> kernel = new ArrayList<>(words);
    long word = words.get(REFCOUNT_WORD);
    long count = RefWord.raw((int) (word >>> 32));
    kernel.set(REFCOUNT_WORD, count << 32 | word & 0xffff_ffffL);
    return kernel;
  }
}
