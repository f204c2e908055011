package dev.pgmap.shell.page;

import dev.pgmap.core.machine.GupTestTraits.Output;
import dev.pgmap.core.machine.Machine;
import java.util.ArrayList;
import java.util.List;

/** {@code dump_page}: a struct page in the words of the era's kernel. */
public final class PageDump {
  private static final long VMEMMAP_4_LEVELS = 0xffffea0000000000L;
  private static final long VMEMMAP_5_LEVELS = 0xffd4000000000000L;

  private final Machine machine;
  private final PageView page;
  private final PageView head;
  private final boolean folioForm;
  private final List<String> lines = new ArrayList<>();

  private PageDump(Machine machine, long pfn) {
    this.machine = machine;
    this.page = PageView.read(machine, pfn);
    this.head = page.isTail() ? PageView.read(machine, page.headPfn()) : page;
    this.folioForm = machine.era().gupTest().output() == Output.TAP;
  }

  /**
   * The lines of a dump.
   *
   * @throws dev.pgmap.core.page.NoStructPage if the pfn has none, or none any more
   */
  public static List<String> of(Machine machine, long pfn, String reason) {
    PageDump dump = new PageDump(machine, pfn);
    dump.write();
    dump.lines.add("page dumped because: " + reason);
    return dump.lines;
  }

  private void write() {
    lines.add(
        "page:%s refcount:%d mapcount:%d mapping:%016x index:0x%x pfn:0x%x"
            .formatted(
                folioForm ? "" : address(page.pfn()),
                page.refcount(),
                page.mapcount(),
                page.mapping(),
                page.index(),
                page.pfn()));
    if (page.order() > 0) {
      lines.add(compoundLine());
    }
    if (page.mapping() != 0) {
      lines.add("aops:dev_dax_aops ino:0");
    }
    lines.add("flags: 0x%x(%s)".formatted(page.flags(), PageText.flagNames(page.flags())));
    lines.addAll(PageText.rawLines("raw:", PageText.kernelWords(page.words())));
    writeHead();
  }

  private String compoundLine() {
    if (folioForm) {
      return "head: order:%d mapcount:%d entire_mapcount:%d nr_pages_mapped:0 pincount:%d"
          .formatted(page.order(), page.entireMapcount(), page.entireMapcount(), page.pincount());
    }
    return "head:%s order:%d compound_mapcount:%d compound_pincount:%d"
        .formatted(address(page.headPfn()), page.order(), page.entireMapcount(), page.pincount());
  }

  private void writeHead() {
    if (page.order() > 0 && (folioForm || page.isTail())) {
      lines.addAll(PageText.rawLines("head:", PageText.kernelWords(head.words())));
      if (folioForm) {
        PageView second = PageView.read(machine, page.headPfn() + 1);
        lines.addAll(PageText.rawLines("head:", PageText.kernelWords(second.words())));
      }
    }
  }

  private String address(long pfn) {
    long base =
        machine.spec().geometry().nrTableLevels() == 5 ? VMEMMAP_5_LEVELS : VMEMMAP_4_LEVELS;
    return "%016x".formatted(base + (pfn << 6));
  }
}
