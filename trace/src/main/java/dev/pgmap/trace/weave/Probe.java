package dev.pgmap.trace.weave;

import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.Type;

/**
 * An annotated method of a class: where something can be woven in.
 *
 * <p>It names its class and nothing of it, so that it keeps no plugin loaded.
 *
 * @param kind what the annotation is
 * @param className binary name
 * @param method its name
 * @param descriptor its JVM descriptor
 * @param name of a function the kernel's name, of an event {@code system:event}
 * @param fields of an event, its fields as C declarations; empty where the recorder knows them
 * @param print of an event, its print fmt
 */
public record Probe(
    Kind kind,
    String className,
    String method,
    String descriptor,
    String name,
    List<String> fields,
    String print) {

  /** What a probe is for. */
  public enum Kind {
    /** A {@code @Tracepoint}. */
    EVENT,
    /** A {@code @KernelFunction}. */
    FUNCTION
  }

  /** How many parameters the method has. */
  public int nrParameters() {
    return Type.getArgumentCount(descriptor);
  }

  /** Whether all its parameters are numbers or flags. */
  public boolean takesNumbersOnly() {
    return Arrays.stream(Type.getArgumentTypes(descriptor))
        .allMatch(type ->
            type.getSort() >= Type.BOOLEAN && type.getSort() <= Type.INT
                || type.getSort() == Type.LONG);
  }

  /** The event's system. */
  public String system() {
    return name.substring(0, name.indexOf(':'));
  }

  /** The event's name without its system. */
  public String event() {
    return name.substring(name.indexOf(':') + 1);
  }
}
