package dev.pgmap.shell.experiment;

import dev.pgmap.core.machine.LineCounter.Lines;
import dev.pgmap.core.machine.LineCounter.Medium;
import dev.pgmap.shell.experiment.CostModel.Sample;
import dev.pgmap.shell.experiment.PublishedFigures.Figure;
import dev.pgmap.shell.format.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** The tables at the end of the experiment. */
final class Report {
  private static final String BASE_ERA = "5.10";
  private static final String COMPOUND_ERA = "5.17";
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Measurement> rows;
  private final Map<Medium, CostModel> models = new EnumMap<>(Medium.class);

  /** Calibrates the model on the 16 GiB rows. */
  Report(List<Measurement> small, List<Measurement> large) {
    this.rows = new ArrayList<>(small);
    rows.addAll(large);
    for (Medium medium : Medium.values()) {
      models.put(medium, calibrate(small, medium));
    }
  }

  private static CostModel calibrate(List<Measurement> small, Medium medium) {
    List<Sample> samples = new ArrayList<>();
    for (Measurement row : small) {
      if (row.medium() == medium) {
        figureOf(row).ifPresent(figure -> addSamples(row, figure, samples));
      }
    }
    return CostModel.fit(samples);
  }

  private static void addSamples(Measurement row, Figure figure, List<Sample> samples) {
    figure
        .getMillis()
        .ifPresent(get -> samples.add(new Sample(row.getLines(), get * NANOS_PER_MILLI)));
    samples.add(new Sample(row.putLines(), figure.putMillis() * NANOS_PER_MILLI));
  }

  private static Optional<Figure> figureOf(Measurement row) {
    boolean compound = row.era().equals(COMPOUND_ERA);
    boolean large = row.mib() > CompoundDevmap.SMALL.ramMib();
    if (!compound && !row.era().equals(BASE_ERA)) {
      return Optional.empty();
    }
    return PublishedFigures.ALL.stream()
        .filter(f -> f.compound() == compound && f.altmap() == row.altmap() && f.large() == large)
        .findFirst();
  }

  /** Measured times, their ratio to base pages, and the kernel's time beside seed 2's. */
  List<String> times() {
    Table table =
        new Table(
            "era",
            "struct pages",
            "MiB",
            "get min",
            "median",
            "put min",
            "median",
            "base/get",
            "base/put",
            "model get",
            "seed 2",
            "model put",
            "seed 2");
    for (Measurement row : rows) {
      Measurement base = baseOf(row);
      Optional<Figure> figure = figureOf(row);
      CostModel model = model(row);
      table.row(
          label(row),
          row.altmap() ? "device" : "RAM",
          row.mib(),
          millis(Measurement.min(row.getUsec())),
          millis(Measurement.median(row.getUsec())),
          millis(Measurement.min(row.putUsec())),
          millis(Measurement.median(row.putUsec())),
          ratio(Measurement.median(base.getUsec()), Measurement.median(row.getUsec())),
          ratio(Measurement.median(base.putUsec()), Measurement.median(row.putUsec())),
          kernelMillis(model.nanos(row.getLines())),
          known(figure.map(Figure::getMillis).orElse(OptionalDouble.empty())),
          kernelMillis(model.nanos(row.putLines())),
          known(figure.map(f -> OptionalDouble.of(f.putMillis())).orElse(OptionalDouble.empty())));
    }
    return table.lines();
  }

  private static String label(Measurement row) {
    return switch (row.era()) {
      case BASE_ERA -> "base pages (" + row.era() + ")";
      case COMPOUND_ERA -> "compound (" + row.era() + ")";
      default -> "today (" + row.era() + ")";
    };
  }

  private Measurement baseOf(Measurement row) {
    return rows.stream()
        .filter(r -> r.era().equals(BASE_ERA) && r.altmap() == row.altmap() && r.mib() == row.mib())
        .findFirst()
        .orElse(row);
  }

  /** The constants of the model. */
  List<String> constants() {
    Table table = new Table("struct pages", "ns a line read", "ns a line written");
    models.forEach((medium, model) ->
        table.row(
            medium == Medium.PMEM ? "device" : "RAM",
            decimal(model.readNanos()),
            decimal(model.writeNanos())));
    return table.lines();
  }

  /** What the model says of seed 2's 126 GiB figures, which it was not calibrated on. */
  List<String> errors() {
    Table table = new Table("kernel", "struct pages", "MiB", "call", "model", "seed 2", "error");
    for (Measurement row : largeRows()) {
      figureOf(row).ifPresent(figure -> addErrors(table, row, figure));
    }
    return table.lines();
  }

  /** The 126 GiB rows: as counted, or the 16 GiB rows' counts scaled if they were not run. */
  private List<Measurement> largeRows() {
    long smallMib = CompoundDevmap.SMALL.ramMib();
    List<Measurement> large = rows.stream().filter(r -> r.mib() > smallMib).toList();
    return large.isEmpty()
        ? rows.stream().map(r -> r.scaledTo(CompoundDevmap.LARGE.mib(r.altmap()))).toList()
        : large;
  }

  private void addErrors(Table table, Measurement row, Figure figure) {
    figure.getMillis().ifPresent(get -> addError(table, row, "get", row.getLines(), get));
    addError(table, row, "put", row.putLines(), figure.putMillis());
  }

  private void addError(
      Table table, Measurement row, String call, Lines lines, double publishedMillis) {
    double predicted = model(row).nanos(lines) / NANOS_PER_MILLI;
    table.row(
        label(row),
        row.altmap() ? "device" : "RAM",
        row.mib(),
        call,
        kernelMillis(predicted * NANOS_PER_MILLI),
        known(OptionalDouble.of(publishedMillis)),
        String.format(Locale.ROOT, "%+.0f%%", 100 * (predicted / publishedMillis - 1)));
  }

  private CostModel model(Measurement row) {
    return Objects.requireNonNull(models.get(row.medium()));
  }

  private static String millis(long usec) {
    return decimal(usec / 1000.0);
  }

  private static String kernelMillis(double nanos) {
    return String.format(Locale.ROOT, nanos < 10e6 ? "%.2f" : "%.0f", nanos / NANOS_PER_MILLI);
  }

  private static String known(OptionalDouble millis) {
    return millis.isPresent() ? String.format(Locale.ROOT, "%.0f", millis.getAsDouble()) : "-";
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String ratio(long base, long other) {
    return other == 0 ? "-" : String.format(Locale.ROOT, "%.1fx", (double) base / other);
  }
}
