package dev.pgmap.trace.weave;

import dev.pgmap.api.trace.TraceHook;
import dev.pgmap.trace.record.Emit;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Weaves probes in and out.
 *
 * <p>A class whose set of wanted probes changes is retransformed: its bytes are made from the
 * original ones with advice for exactly the wanted probes, and with none wanted they are the
 * original ones. The bytes are made before the JVM stops its threads to exchange the class, so the
 * pause is that of the exchange. Classes that are loaded later are woven as they are loaded.
 * Thread-safe.
 *
 * <p>Each exchange leaves some 10 KiB of metaspace behind for as long as the class lives: switch
 * rarely what {@code tracing_on} can switch for nothing.
 */
public final class Weaver {
  private final Instrumentation instrumentation;
  private final ToIntFunction<Probe> numbers;
  private final ClassLoader application = Emit.class.getClassLoader();
  private final Transformer transformer = new Transformer();
  private volatile Map<String, List<Probe>> woven = Map.of();
  private volatile @Nullable Throwable failure;

  /**
   * A weaver.
   *
   * @param numbers the number of a probe, which becomes part of woven code
   */
  public Weaver(Instrumentation instrumentation, ToIntFunction<Probe> numbers) {
    this.instrumentation = instrumentation;
    this.numbers = numbers;
  }

  /**
   * Weaves these probes and no others.
   *
   * @throws IllegalStateException if a class could not be exchanged; none was then
   */
  public synchronized void weave(Set<Probe> wanted) {
    Map<String, List<Probe>> next = byClass(wanted);
    Map<String, List<Probe>> before = woven;
    Set<String> changed = changed(before, next);
    if (changed.isEmpty()) {
      return;
    }
    if (before.isEmpty()) {
      instrumentation.addTransformer(transformer, true);
      TraceHook.listen(new HookListener());
    }
    woven = next;
    failure = null;
    try {
      retransform(changed);
    } catch (IllegalStateException e) {
      woven = before;
      throw e;
    } finally {
      if (woven.isEmpty()) {
        instrumentation.removeTransformer(transformer);
        TraceHook.listen(null);
      }
    }
  }

  private void retransform(Set<String> names) {
    Set<Class<?>> done = new HashSet<>();
    // Making the bytes of one class may load another one, which the JVM then keeps from the
    // transformer: look again until none is left.
    for (List<Class<?>> rest = loaded(names, done); !rest.isEmpty(); rest = loaded(names, done)) {
      try {
        instrumentation.retransformClasses(rest.toArray(Class<?>[]::new));
      } catch (UnmodifiableClassException | LinkageError e) {
        throw new IllegalStateException("cannot weave: " + e, e);
      }
      done.addAll(rest);
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new IllegalStateException("cannot weave: " + thrown, thrown);
    }
  }

  private List<Class<?>> loaded(Set<String> names, Set<Class<?>> but) {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (names.contains(type.getName()) && !but.contains(type)) {
        classes.add(type);
      }
    }
    return classes;
  }

  private static Map<String, List<Probe>> byClass(Set<Probe> probes) {
    Map<String, List<Probe>> map = new HashMap<>();
    for (Probe probe : probes) {
      map.computeIfAbsent(probe.className(), name -> new ArrayList<>()).add(probe);
    }
    return map;
  }

  private static Set<String> changed(
      Map<String, List<Probe>> before, Map<String, List<Probe>> next) {
    Set<String> names = new HashSet<>(before.keySet());
    names.addAll(next.keySet());
    names.removeIf(name ->
        Set.copyOf(before.getOrDefault(name, List.of()))
            .equals(Set.copyOf(next.getOrDefault(name, List.of()))));
    return names;
  }

  /** Reports what plugins do. */
  private static final class HookListener implements TraceHook.Listener {
    @Override
    public void event(
        int event,
        int nrFields,
        long a,
        long b,
        long c,
        long d,
        long e,
        long f,
        long g,
        long h,
        long i,
        long j,
        long k,
        long l) {
      Emit.event(event, nrFields, a, b, c, d, e, f, g, h, i, j, k, l);
    }

    @Override
    public @Nullable Object entered(int function) {
      return Emit.entered(function);
    }

    @Override
    public void exited(int function, @Nullable Object state) {
      Emit.exited(function, state);
    }
  }

  private final class Transformer implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String className,
        @Nullable Class<?> type,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      List<Probe> probes = className == null ? null : woven.get(className.replace('/', '.'));
      if (probes == null) {
        return null;
      }
      try {
        return apply(probes, loader, type, bytes);
      } catch (RuntimeException | LinkageError e) {
        // The JVM ignores what a transformer throws: keep it for the caller.
        failure = e;
        return null;
      }
    }
  }

  private byte[] apply(
      List<Probe> probes, @Nullable ClassLoader loader, @Nullable Class<?> type, byte[] bytes) {
    String name = probes.getFirst().className();
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(name, bytes),
            ClassFileLocator.ForClassLoader.of(loader),
            // A plugin's loader hands out no class files but its own.
            ClassFileLocator.ForClassLoader.of(application));
    TypeDescription description =
        type != null
            ? TypeDescription.ForLoadedType.of(type)
            : TypePool.Default.of(locator).describe(name).resolve();
    DynamicType.Builder<?> builder =
        new ByteBuddy().with(TypeValidation.DISABLED).decorate(description, locator);
    for (Probe probe : probes) {
      Class<?> advice = adviceFor(probe, application.equals(loader));
      builder = builder.visit(bound(advice, probe).on(isMethodOf(probe)));
    }
    return builder.make().getBytes();
  }

  private Advice bound(Class<?> advice, Probe probe) {
    return Advice.withCustomMapping()
        .bind(Advices.Number.class, numbers.applyAsInt(probe))
        .bind(Advices.NrFields.class, probe.nrParameters())
        .bind(new FieldMapping())
        .to(advice);
  }

  private static ElementMatcher<MethodDescription> isMethodOf(Probe probe) {
    return method ->
        method.getInternalName().equals(probe.method())
            && method.getDescriptor().equals(probe.descriptor());
  }

  private static Class<?> adviceFor(Probe probe, boolean ofApplication) {
    if (probe.kind() == Probe.Kind.FUNCTION) {
      return ofApplication ? Advices.Function.class : Advices.PluginFunction.class;
    }
    if (ofApplication && probe.system().equals("page_ref")) {
      return switch (probe.descriptor()) {
        case "(JJI)Z" -> Advices.PageRefTest.class;
        case "(JJI)I" -> Advices.PageRefReturn.class;
        case "(JJ)Z" -> Advices.PageRefDrop.class;
        case "(JJ)I" -> Advices.PageRefDropReturn.class;
        default -> Advices.PageRef.class;
      };
    }
    return ofApplication ? Advices.Event.class : Advices.PluginEvent.class;
  }
}
