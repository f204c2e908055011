package dev.pgmap.shell.trace;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Lab;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.replay.Divergence;
import dev.pgmap.trace.replay.NotedPageRefs;
import dev.pgmap.trace.replay.ReplayMachine;
import dev.pgmap.trace.replay.Replayer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace replay}: would the engine of some era have done what was recorded? */
@CommandLine.Command(
    name = "replay",
    description = {
      "Feed recorded changes of page counts to the engine, as device-dax memory of a kernel.",
      "Ends with 0 if it does the same, with 1 at the first step that differs."
    })
final class ReplayCommand implements Command {
  private static final long HUGE_ALIGN = 2L << 20;
  private static final long BASE_ALIGN = 4096;

  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();

  @Option(
      names = "--era",
      required = true,
      paramLabel = "ERA",
      description = "The kernel to compare with, such as 6.1.")
  private String era = "";

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  @Option(
      names = {"-a", "--align"},
      paramLabel = "BYTES",
      description = "Alignment of the device: 4K, 2M or 1G. Else 2M if the pages are large.",
      converter = SizeConverter.class)
  private @Nullable Long alignBytes;

  ReplayCommand(Console console) {
    this.console = console;
  }

  /** What a first look at the recording tells. */
  private record Extent(long firstPfn, long lastPfn, boolean large) {}

  @Override
  public int call() {
    Era wanted = Era.named(era);
    TraceFiles.Opened opened = file.open();
    try (opened) {
      Extent extent = extent(opened.source());
      long align = alignBytes != null ? alignBytes : extent.large() ? HUGE_ALIGN : BASE_ALIGN;
      NotedPageRefs refs = new NotedPageRefs();
      try (Lab lab =
          Lab.boot(
              ReplayMachine.spec(wanted, extent.firstPfn(), extent.lastPfn()),
              console.session().pluginDirectory(),
              refs)) {
        lab.machine()
            .nvdimm()
            .create(NamespaceRequest.DEFAULTS.withAlign(align).withMap(MapLocation.MEM));
        Replayer replayer =
            new Replayer(lab.machine(), refs, lab.machine().daxBus().nodes().open("/dev/dax0.0"));
        return show(replayer.replay(opened.source(), pfns::contains), opened.source(), wanted);
      }
    }
  }

  private Extent extent(TraceSource source) {
    PageRefDecoder decoder = new PageRefDecoder(source.events());
    PageRef change = new PageRef();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    boolean large = false;
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        if (decoder.decode(cursor.event(), change) && pfns.contains(change.pfn())) {
          first = Math.min(first, change.pfn());
          last = Math.max(last, change.pfn());
          large |= isLarge(change);
        }
      }
    }
    if (first > last) {
      throw new TraceException(
          source.name(), "no change of a page's count", "page_ref events", "see trace recipe");
    }
    return new Extent(first, last, large);
  }

  /** Where the recording does not say so, an amount does that only a large folio can have. */
  private static boolean isLarge(PageRef change) {
    int size = Math.abs(change.val());
    boolean ofPages =
        size > 1 && size % RefWord.PIN_BIAS != 0 && size % (RefWord.PIN_BIAS - 1) != 0;
    return change.large() == PageRef.Large.YES
        || change.large() == PageRef.Large.UNKNOWN && ofPages;
  }

  private int show(Replayer.Result result, TraceSource source, Era wanted) {
    Divergence found = result.divergence();
    if (found == null) {
      console
          .out()
          .printf("%d steps: the engine of %s does the same%n", result.steps(), wanted.name());
      return Exit.OK;
    }
    console
        .out()
        .printf(
            "step %d, %s, %s, page 0x%x: not what the engine of %s does%n"
                + "  recorded  %s%n  engine    %s%n",
            found.step(),
            Stamp.text(source.clock(), found.stamp()),
            found.task(),
            found.pfn(),
            wanted.name(),
            found.recorded(),
            found.engine());
    return Exit.FAILED;
  }
}
