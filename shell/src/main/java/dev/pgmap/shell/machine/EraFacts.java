package dev.pgmap.shell.machine;

import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.format.Table;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What distinguishes eras, question by question. */
final class EraFacts {
  private EraFacts() {}

  private static Map<String, Object> of(Era era) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("who holds the pgmap", lower(era.pagemap().hold()));
    facts.put("who kills its reference", lower(era.pagemap().kill()));
    facts.put("final put calls", lower(era.pagemap().freeCallback()));
    facts.put("compound pages", yes(era.pagemap().compound()));
    facts.put("struct pages", lower(era.pagemap().shape()));
    facts.put("1-based when idle", oneBased(era));
    facts.put("mapping", era.mapping().name());
    facts.put("gup looks up the pgmap", yes(era.gup().looksUpPagemap()));
    facts.put("huge leaf in gup-fast", lower(era.gup().leafWalk()));
    facts.put("unpin in two steps", yes(era.gup().putsPinInTwoSteps()));
    facts.put("longterm pins of files", lower(era.gup().longterm()));
    facts.put("pins are counted", yes(era.gup().countsPins()));
    facts.put("folios change their order", names(era.pagemap().resizable()));
    facts.put("gup_test prints", lower(era.gupTest().output()));
    facts.put("gup_test -c", yes(era.gupTest().dumpTest()));
    facts.put("longterm pin test", yes(era.gupTest().pinLongtermTest()));
    facts.put("io_uring buffer", lower(era.uringBuffers()));
    for (Rule rule : Rule.values()) {
      facts.put("failure: " + lower(rule), yes(era.failure().rules().contains(rule)));
    }
    return facts;
  }

  private static String oneBased(Era era) {
    return names(era.pagemap().scheme().oneBased());
  }

  private static String names(Set<? extends Enum<?>> values) {
    return values.stream().map(EraFacts::lower).sorted().collect(Collectors.joining(" "));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  static Table compare(Era left, Era right) {
    Table table = new Table("", left.name(), right.name(), "");
    Map<String, Object> other = of(right);
    of(left)
        .forEach((question, answer) -> {
          String a = String.valueOf(answer);
          String b = String.valueOf(Objects.requireNonNull(other.get(question)));
          table.row(question, a, b, a.equals(b) ? "" : "differs");
        });
    return table;
  }
}
