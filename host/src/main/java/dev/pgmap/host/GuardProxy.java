package dev.pgmap.host;

import dev.pgmap.api.fs.FsFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's object as the engine gets to see it, for interfaces with many methods: every call goes
 * through the guard. Thread-safe as far as the object is.
 */
final class GuardProxy {
  private GuardProxy() {}

  /**
   * Stands before an object.
   *
   * @param type the interface of the api that the engine calls
   */
  static <T> T of(Class<T> type, T target, PluginGuard guard) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardProxy.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "equals" -> args != null && isSame(proxy, args[0]);
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> call(target, method, args, guard);
                }));
  }

  /** A guard is equal to itself only, as the object behind it is. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Object proxy, @Nullable Object other) {
    return proxy == other;
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] args, PluginGuard guard) {
    Object result = guard.get(method.getName(), () -> invoke(target, method, args));
    return result instanceof FsFile file ? of(FsFile.class, file, guard) : result;
  }

  private static @Nullable Object invoke(
      Object target, Method method, @Nullable Object @Nullable [] args) {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw asUnchecked(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a method of the api: " + method, e);
    }
  }

  /** What the plugin threw, so that the guard sees it as it was. */
  private static RuntimeException asUnchecked(@Nullable Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("a checked exception from a plugin", thrown);
  }
}
