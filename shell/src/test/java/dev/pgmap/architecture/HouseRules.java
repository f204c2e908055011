package dev.pgmap.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.MonitorInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What may depend on what, and what the engine must leave to its seam. */
final class HouseRules {
  /** The packages of the engine, ground floor first: each may use itself and those before it. */
  static final List<String> ENGINE_FLOORS =
      List.of(
          "sync",
          "log",
          "phys",
          "page",
          "vmemmap",
          "hotplug",
          "pgmap",
          "pgtable",
          "mm",
          "pagewalk",
          "gup",
          "migrate",
          "hmm",
          "devmem",
          "p2pdma",
          "failure",
          "device",
          "nvdimm",
          "dax",
          "pmem",
          "fsdax",
          "fs",
          "era",
          "machine");

  private static final String ENGINE = "dev.pgmap.core";
  private static final String SEAM = "dev.pgmap.core.sync..";

  private HouseRules() {}

  /** Which part of the house a rule guards, and the rule. */
  record HouseRule(String name, ArchRule rule) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<HouseRule> all() {
    return List.of(
        new HouseRule("the api stands alone", apiStandsAlone()),
        new HouseRule("the core knows the api and nothing else", coreKnowsApi()),
        new HouseRule("a plugin knows the api and nothing else", pluginKnowsApi()),
        new HouseRule("the host knows no shell", hostKnowsNoShell()),
        new HouseRule("tracing knows no shell and no host", traceKnowsNoShell()),
        new HouseRule("only the weaver knows Byte Buddy", onlyTheWeaverKnowsByteBuddy()),
        new HouseRule("the packages of tracing use each other in no circle", noCircleInTrace()),
        new HouseRule("no module names a plugin", nobodyNamesPlugins()),
        new HouseRule("the engine's packages are on known floors", packagesAreKnown()),
        new HouseRule("the engine's floors use only those below", floorsUseThoseBelow()),
        new HouseRule("no lock outside the seam", noLocks()),
        new HouseRule("no ThreadLocal outside the seam", noThreadLocals()),
        new HouseRule("no clock, sleep or thread outside the seam", noTimeOrThread()),
        new HouseRule("no synchronized method outside the seam", noSynchronizedMethods()),
        new HouseRule("no synchronized block outside the seam", noSynchronizedBlocks()),
        new HouseRule("no static mutable field", noStaticMutableFields()));
  }

  private static ArchRule apiStandsAlone() {
    return knowsOnly("dev.pgmap.api..", "dev.pgmap.api..");
  }

  private static ArchRule coreKnowsApi() {
    return knowsOnly("dev.pgmap.core..", "dev.pgmap.core..", "dev.pgmap.api..");
  }

  private static ArchRule pluginKnowsApi() {
    return knowsOnly("dev.pgmap.plugins..", "dev.pgmap.plugins..", "dev.pgmap.api..");
  }

  private static ArchRule knowsOnly(String who, String... ours) {
    DescribedPredicate<JavaClass> allowed =
        JavaClass.Predicates.resideInAnyPackage(ours)
            .or(JavaClass.Predicates.resideInAnyPackage("java..", "org.jspecify..", "org.slf4j.."));
    return classes()
        .that()
        .resideInAPackage(who)
        .should()
        .onlyDependOnClassesThat(allowed)
        .allowEmptyShould(true);
  }

  private static ArchRule hostKnowsNoShell() {
    return noClasses()
        .that()
        .resideInAPackage("dev.pgmap.host..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pgmap.shell..", "picocli..", "org.jline..", "com.fasterxml..")
        .allowEmptyShould(true);
  }

  private static ArchRule traceKnowsNoShell() {
    return noClasses()
        .that()
        .resideInAPackage("dev.pgmap.trace..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pgmap.shell..", "dev.pgmap.host..", "picocli..", "org.jline..");
  }

  private static ArchRule onlyTheWeaverKnowsByteBuddy() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.pgmap.trace.weave..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("net.bytebuddy..");
  }

  private static ArchRule noCircleInTrace() {
    return slices().matching("dev.pgmap.trace.(*)..").should().beFreeOfCycles();
  }

  private static ArchRule nobodyNamesPlugins() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.pgmap.plugins..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.pgmap.plugins..");
  }

  private static ArchRule packagesAreKnown() {
    return classes()
        .that()
        .resideInAPackage("dev.pgmap.core.*..")
        .should(
            new ArchCondition<>("be in one of " + ENGINE_FLOORS) {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                events.add(
                    new SimpleConditionEvent(
                        item, floor(item) >= 0, item.getName() + " is on no known floor"));
              }
            });
  }

  private static ArchRule floorsUseThoseBelow() {
    return classes()
        .that()
        .resideInAPackage("dev.pgmap.core.*..")
        .should(
            new ArchCondition<>("use only " + ENGINE_FLOORS + " up to their own") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                for (var dependency : item.getDirectDependenciesFromSelf()) {
                  boolean below = floor(dependency.getTargetClass()) <= floor(item);
                  events.add(
                      new SimpleConditionEvent(dependency, below, dependency.getDescription()));
                }
              }
            });
  }

  /** The index of a class's package among the floors; -1 outside the engine's packages. */
  private static int floor(JavaClass item) {
    String name = item.getPackageName();
    return name.startsWith(ENGINE + ".")
        ? ENGINE_FLOORS.indexOf(name.substring(ENGINE.length() + 1).split("\\.", 2)[0])
        : -1;
  }

  private static ArchRule noLocks() {
    return noClasses()
        .that(areBoundToTheSeam())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent.locks..")
        .orShould()
        .dependOnClassesThat(
            nameMatching(
                "java\\.util\\.concurrent\\."
                    + "(CountDownLatch|CyclicBarrier|Exchanger|Phaser|Semaphore|\\w*Blocking\\w+)"))
        .allowEmptyShould(true);
  }

  private static ArchRule noThreadLocals() {
    return noClasses()
        .that(areBoundToTheSeam())
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .allowEmptyShould(true);
  }

  private static ArchRule noTimeOrThread() {
    DescribedPredicate<JavaAccess<?>> time =
        are(target(owner(nameMatching("java\\.lang\\.System"))))
            .and(are(target(nameMatching("nanoTime|currentTimeMillis"))));
    DescribedPredicate<JavaAccess<?>> thread =
        are(target(owner(nameMatching("java\\.lang\\.Thread"))))
            .and(are(target(nameMatching("currentThread|join|onSpinWait|sleep|yield"))));
    DescribedPredicate<JavaAccess<?>> monitor =
        are(target(nameMatching("wait|notify|notifyAll")))
            .and(are(target(owner(nameMatching("java\\.lang\\.Object")))));
    return noClasses()
        .that(areBoundToTheSeam())
        .should()
        .accessTargetWhere(time.or(thread).or(monitor))
        .allowEmptyShould(true);
  }

  private static ArchRule noSynchronizedMethods() {
    return methods()
        .that()
        .areDeclaredInClassesThat(areBoundToTheSeam())
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .allowEmptyShould(true);
  }

  private static ArchRule noSynchronizedBlocks() {
    return classes()
        .that(areBoundToTheSeam())
        .should(
            new ArchCondition<>("have no synchronized block") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                boolean found = hasMonitorInstruction(item);
                events.add(
                    new SimpleConditionEvent(
                        item, !found, item.getName() + " has a synchronized block"));
              }
            })
        .allowEmptyShould(true);
  }

  /** ArchUnit does not look at instructions, so this reads the class file itself. */
  private static boolean hasMonitorInstruction(JavaClass item) {
    Path file = Path.of(item.getSource().orElseThrow().getUri());
    try {
      return ClassFile.of().parse(Files.readAllBytes(file)).methods().stream()
          .flatMap(method -> method.code().stream())
          .flatMap(code -> code.elementList().stream())
          .anyMatch(MonitorInstruction.class::isInstance);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArchRule noStaticMutableFields() {
    return fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage("dev.pgmap.api..", "dev.pgmap.core..", "dev.pgmap.plugins..")
        .and()
        .areStatic()
        .should()
        .beFinal()
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaClass> areBoundToTheSeam() {
    return JavaClass.Predicates.resideInAnyPackage("dev.pgmap.core..", "dev.pgmap.plugins..")
        .and(JavaClass.Predicates.resideOutsideOfPackage(SEAM))
        .as("are of the engine or a plugin and outside " + SEAM);
  }
}
