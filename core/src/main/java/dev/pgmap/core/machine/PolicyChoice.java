package dev.pgmap.core.machine;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.fsdax.FsDaxPolicies;
import dev.pgmap.core.gup.GupPolicies;
import dev.pgmap.core.gup.LeafWalk;
import dev.pgmap.core.gup.LongtermRule;
import dev.pgmap.core.mm.MappingPolicy;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One question on which kernels differ, with the answers that can be chosen for a machine apart
 * from its era.
 *
 * <p>A machine keeps its answers from its boot on: struct pages that are there were made by them.
 * Stateless.
 *
 * @param name how it is called on the command line, such as {@code hold}
 * @param question what it decides
 * @param values the answers, in the order of the kernels
 * @param current the answer of an era, one of the values
 */
public record PolicyChoice(
    String name, String question, List<String> values, Function<Era, String> current) {

  private record Choice<T>(
      PolicyChoice choice, Map<String, T> answers, BiConsumer<Era.Draft, T> change) {
    Era apply(Era era, String value) {
      T answer = Objects.requireNonNull(answers.get(value));
      return era.choosing(choice.name, value, draft -> change.accept(draft, answer));
    }
  }

  private static final Map<String, RefcountScheme> REFCOUNTS =
      table(
          "1-based", RefcountScheme.EXTRA_REFERENCE,
          "handed-out", RefcountScheme.HANDED_OUT,
          "mixed", RefcountScheme.DEVICE_OWNED_0_BASED,
          "0-based", RefcountScheme.GENERIC_1_BASED);

  private static final List<Choice<?>> ALL =
      List.of(
          choice(
              "refcount",
              "which free pages show a count of one",
              REFCOUNTS,
              PolicyChoice::refcountOf,
              PolicyChoice::setRefcount),
          choice(
              "hold",
              "who holds pgmap->ref for the pages",
              table(
                  "page", PagemapHold.EACH_BASE_REFERENCE,
                  "bulk", PagemapHold.BULK,
                  "allocation", PagemapHold.BULK_OR_ALLOCATION,
                  "transitions", PagemapHold.TRANSITIONS,
                  "sweep", PagemapHold.SWEEP),
              era -> era.pagemap().hold(),
              (draft, hold) -> draft.pagemap = draft.pagemap.withHold(hold)),
          choice(
              "kill",
              "who kills pgmap->ref at teardown",
              table("driver", KillStyle.OPS, "engine", KillStyle.ENGINE),
              era -> era.pagemap().kill(),
              (draft, kill) -> draft.pagemap = draft.pagemap.withKill(kill)),
          choice(
              "final-put",
              "which op hears of a free page",
              table("page_free", FreeCallback.PAGE_FREE, "folio_free", FreeCallback.FOLIO_FREE),
              era -> era.pagemap().freeCallback(),
              (draft, op) -> draft.pagemap = draft.pagemap.withFreeCallback(op)),
          choice(
              "managed-key",
              "whether puts look for managed pages only while a pgmap has some",
              table("yes", true, "no", false),
              era -> era.pagemap().managedKey(),
              (draft, yes) -> draft.pagemap = draft.pagemap.withManagedKey(yes)),
          choice(
              "compound",
              "whether vmemmap_shift makes compound pages",
              table("no", false, "yes", true),
              era -> era.pagemap().compound(),
              (draft, yes) -> draft.pagemap = draft.pagemap.withCompound(yes)),
          choice(
              "vmemmap",
              "which struct pages of a compound have memory of their own",
              table("full", VmemmapShape.FULL, "shared-tails", VmemmapShape.SHARED_TAILS),
              era -> era.pagemap().shape(),
              (draft, shape) -> draft.pagemap = draft.pagemap.withShape(shape)),
          choice(
              "devmap",
              "whether entries carry the devmap bit, or hold a reference instead",
              table(
                  "late-mapping", MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING,
                  "yes", MappingPolicy.DEVMAP_ENTRIES,
                  "none", MappingPolicy.NORMAL_PAGES),
              Era::mapping,
              (draft, mapping) -> draft.mapping = mapping),
          choice(
              "gup-pgmap",
              "whether gup looks up the pgmap of a devmap entry",
              table("yes", true, "no", false),
              era -> era.gup().looksUpPagemap(),
              (draft, yes) -> draft.gup = draft.gup.with(GupPolicies.Rule.LOOKS_UP_PAGEMAP, yes)),
          choice(
              "gup-walk",
              "how gup-fast takes the pages behind a huge leaf",
              table(
                  "per-page", LeafWalk.PER_PAGE_ADD,
                  "per-page-try", LeafWalk.PER_PAGE_TRY,
                  "whole-leaf", LeafWalk.WHOLE_LEAF),
              era -> era.gup().leafWalk(),
              (draft, walk) -> draft.gup = draft.gup.withLeafWalk(walk)),
          choice(
              "longterm",
              "how longterm pins of DAX files are refused",
              table(
                  "after-pinning", LongtermRule.VMA_AFTER_PINNING,
                  "vma", LongtermRule.VMA,
                  "pgmap-flag", LongtermRule.PGMAP_FLAG,
                  "folio-type", LongtermRule.FOLIO_TYPE),
              era -> era.gup().longterm(),
              (draft, rule) -> draft.gup = draft.gup.withLongterm(rule)));

  private static <T> Map<String, T> table(Object... namesAndValues) {
    Map<String, T> table = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      @SuppressWarnings("unchecked")
      T value = (T) namesAndValues[i + 1];
      table.put((String) namesAndValues[i], value);
    }
    return table;
  }

  private static <T> Choice<T> choice(
      String name,
      String question,
      Map<String, T> answers,
      Function<Era, T> get,
      BiConsumer<Era.Draft, T> change) {
    Function<Era, String> current =
        era -> {
          T value = get.apply(era);
          return answers.entrySet().stream()
              .filter(entry -> entry.getValue().equals(value))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse("own");
        };
    PolicyChoice choice = new PolicyChoice(name, question, List.copyOf(answers.keySet()), current);
    return new Choice<>(choice, answers, change);
  }

  /** 5.4 differs from 1-based only in whom it tells. */
  private static RefcountScheme refcountOf(Era era) {
    RefcountScheme scheme = era.pagemap().scheme();
    return REFCOUNTS.values().stream()
        .filter(one ->
            one.oneBased().equals(scheme.oneBased()) && one.managed().equals(scheme.managed()))
        .findFirst()
        .orElse(scheme);
  }

  /** What hangs on the base of FS_DAX pages: whether they make folios, and how files keep them. */
  private static void setRefcount(Era.Draft draft, RefcountScheme scheme) {
    boolean folios = !scheme.hasBase(MemoryType.FS_DAX);
    Set<MemoryType> resizable = EnumSet.noneOf(MemoryType.class);
    resizable.addAll(draft.pagemap.resizable());
    resizable.remove(MemoryType.FS_DAX);
    if (folios) {
      resizable.add(MemoryType.FS_DAX);
      draft.fsdax = FsDaxPolicies.FOLIOS;
    } else if (draft.fsdax.equals(FsDaxPolicies.FOLIOS)) {
      draft.fsdax = FsDaxPolicies.PAGES_COUNT_SHARES;
    }
    if (scheme.hasBase(MemoryType.PRIVATE)) {
      resizable.remove(MemoryType.PRIVATE);
    }
    draft.pagemap = draft.pagemap.withScheme(scheme).withResizable(resizable);
  }

  /** All questions that can be answered one by one. */
  public static List<PolicyChoice> all() {
    return ALL.stream().<PolicyChoice>map(Choice::choice).toList();
  }

  /**
   * An era with some answers chosen by hand.
   *
   * @param answers policies and values
   * @throws MmException EINVAL for an unknown policy or value, and for answers that do not fit
   *     together
   */
  public static Era apply(Era era, Map<String, String> answers) {
    Era chosen = era;
    for (Map.Entry<String, String> answer : answers.entrySet()) {
      chosen = applyOne(chosen, answer.getKey(), answer.getValue());
    }
    check(chosen);
    return chosen;
  }

  private static Era applyOne(Era era, String policy, String value) {
    for (Choice<?> one : ALL) {
      if (one.choice.name.equals(policy)) {
        if (!one.choice.values.contains(value)) {
          throw bad("policy " + policy, value, "one of " + String.join(", ", one.choice.values));
        }
        return one.apply(era, value);
      }
    }
    throw bad(
        "policy",
        "'" + policy + "'",
        "one of " + String.join(", ", all().stream().map(PolicyChoice::name).toList()));
  }

  private static void check(Era era) {
    boolean entriesHold = era.mapping().holdsReference();
    require(
        era.pagemap().hold() != PagemapHold.EACH_BASE_REFERENCE
            || era.pagemap().scheme().oneBased().containsAll(era.pagemap().types()),
        "hold=page without a base reference on every page",
        "refcount=1-based with it, or another hold");
    require(
        entriesHold || era.pagemap().scheme().hasBase(MemoryType.FS_DAX),
        "refcount=0-based with entries that hold nothing: gup could take no page",
        "devmap=none with it");
    require(
        entriesHold || era.gup().leafWalk() != LeafWalk.WHOLE_LEAF,
        "gup-walk=whole-leaf with entries larger than the folios they map",
        "devmap=none with it, or gup-walk=per-page");
    require(
        !entriesHold || era.pagemap().compound(),
        "devmap=none without compound pages: a huge entry holds one folio",
        "compound=yes with it");
  }

  private static void require(boolean fits, String found, String expected) {
    if (!fits) {
      throw bad("policy", found, expected);
    }
  }

  private static MmException bad(String object, String found, String expected) {
    return new MmException(Errno.EINVAL, object, found, expected, "see policy list");
  }
}
