package dev.pgmap.shell.conformance;

import dev.pgmap.api.MmException;
import dev.pgmap.shell.conformance.KnownDifferences.Known;
import dev.pgmap.shell.conformance.Row.Verdict;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.CommandInterrupted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs recordings again, one after the other, and compares. */
final class Conformance {
  private final Path plugins;
  private final Map<String, Recording> all;
  private final History history;
  private final KnownDifferences known;

  /**
   * For these recordings.
   *
   * @param plugins where plugin jars are
   * @param all every recording there is, so that what ran earlier can be found
   */
  Conformance(Path plugins, List<Recording> all, History history, KnownDifferences known) {
    this.plugins = plugins;
    this.all = all.stream().collect(Collectors.toMap(Recording::name, Function.identity()));
    this.history = history;
    this.known = known;
  }

  /**
   * Runs one and compares.
   *
   * @throws CommandInterrupted if the thread is interrupted
   */
  Row run(Recording recording) {
    Sequences sequences = Sequences.parse(recording.text(Recording.REFSEQ));
    long nrEvents = sequences.nrEvents();
    String need = Needs.of(recording);
    if (need != null) {
      return new Row(recording, nrEvents, Verdict.NOT_RUN, need, "");
    }
    String difference = difference(recording, sequences);
    Known explained = known.of(recording);
    if (explained == null) {
      return difference == null
          ? new Row(recording, nrEvents, match(recording.meta()), "", "")
          : new Row(recording, nrEvents, Verdict.DIFFERS, difference, "");
    }
    String why = explained.explanation();
    if (difference == null) {
      return new Row(recording, nrEvents, Verdict.EXPLANATION_IS_OLD, "none any more", why);
    }
    return difference.equals(explained.difference())
        ? new Row(recording, nrEvents, Verdict.EXPLAINED, difference, why)
        : new Row(recording, nrEvents, Verdict.DIFFERS, difference, "");
  }

  private static Verdict match(Meta meta) {
    if (!meta.isTraced()) {
      return Verdict.RESULT_MATCHES;
    }
    return meta.lostEvents() > 0 ? Verdict.END_MATCHES : Verdict.MATCH;
  }

  private @Nullable String difference(Recording recording, Sequences sequences) {
    ScenarioRun.Outcome outcome;
    try {
      outcome =
          new ScenarioRun(plugins, new CountingCapture())
              .run(recording, history.before(recording, all));
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    } catch (CommandException | MmException e) {
      return "the scenario " + e.getMessage();
    }
    String difference = refDifference(recording, sequences, outcome);
    if (difference == null) {
      Transcript here = Transcript.here(recording, outcome);
      difference = Transcript.recorded(recording).difference(here);
    }
    boolean violated = difference == null && !outcome.violations().isEmpty();
    return violated ? "the engine's own checks: " + outcome.violations().getFirst() : difference;
  }

  private static @Nullable String refDifference(
      Recording recording, Sequences sequences, ScenarioRun.Outcome outcome) {
    Meta meta = recording.meta();
    if (!meta.isTraced()) {
      return null;
    }
    if (new RecordedFilesystem(recording).renamesPages() || takesFreePages(meta)) {
      boolean refusedLeftOut = meta.header("tracing").contains("only when ret");
      return sequences.differenceButNames(outcome.sequences(), meta.window(), refusedLeftOut);
    }
    return meta.lostEvents() > 0
        ? sequences.differenceOfEnd(outcome.sequences(), meta.window())
        : sequences.difference(outcome.sequences(), meta.window());
  }

  /** Which free page of a device is taken depends on everything that ran before. */
  private static boolean takesFreePages(Meta meta) {
    return meta.command().contains("hmm-tests");
  }
}
