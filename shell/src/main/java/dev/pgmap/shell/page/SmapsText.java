package dev.pgmap.shell.page;

import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pagewalk.Smaps;
import dev.pgmap.core.pgtable.TableWalker;
import java.util.Locale;
import java.util.Map;

/** {@code /proc/PID/smaps}: each area with its sums in kB. */
public final class SmapsText {
  private SmapsText() {}

  /** The text for an address space, whose sums that walker finds. */
  public static String of(Mm mm, TableWalker walker) {
    StringBuilder text = new StringBuilder();
    for (Vma vma : mm.vmas()) {
      text.append(vma).append('\n');
      line(text, "Size", vma.end() - vma.start());
      line(text, "KernelPageSize", mm.pageBytes());
      for (Map.Entry<String, Long> sum : Smaps.of(vma, walker).entrySet()) {
        line(text, sum.getKey(), sum.getValue());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", bytes >>> 10));
  }
}
