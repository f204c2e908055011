package dev.pgmap.trace.weave;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.api.trace.Tracepoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * Finds annotated methods in a jar or a directory of class files, without loading a class.
 *
 * <p>Stateless.
 */
public final class ProbeScanner {
  private static final String SUFFIX = ".class";
  private static final String TRACEPOINT =
      TypeDescription.ForLoadedType.of(Tracepoint.class).getDescriptor();
  private static final String FUNCTION =
      TypeDescription.ForLoadedType.of(KernelFunction.class).getDescriptor();

  private ProbeScanner() {}

  /** Where the class files of a class come from: a jar or a directory. */
  public static Path sourceOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no class files of " + type.getName(), e);
    }
  }

  /**
   * The probes of a jar or a directory.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static List<Probe> scan(Path source) {
    List<Probe> probes = new ArrayList<>();
    try {
      if (Files.isDirectory(source)) {
        scanDirectory(source, probes);
      } else {
        scanJar(source, probes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return probes;
  }

  private static void scanDirectory(Path source, List<Probe> probes) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(source)) {
      files = walk.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
    }
    for (Path file : files) {
      scanClass(Files.readAllBytes(file), probes);
    }
  }

  private static void scanJar(Path source, List<Probe> probes) throws IOException {
    try (JarFile jar = new JarFile(source.toFile())) {
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(SUFFIX)).toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          scanClass(in.readAllBytes(), probes);
        }
      }
    }
  }

  private static void scanClass(byte[] bytes, List<Probe> probes) {
    int flags = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;
    OpenedClassReader.of(bytes).accept(new ClassScan(probes), flags);
  }

  private static final class ClassScan extends ClassVisitor {
    private final List<Probe> probes;
    private String className = "";

    ClassScan(List<Probe> probes) {
      super(OpenedClassReader.ASM_API);
      this.probes = probes;
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      className = name.replace('/', '.');
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_BRIDGE)) != 0) {
        return null;
      }
      return new MethodVisitor(OpenedClassReader.ASM_API) {
        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
          if (type.equals(TRACEPOINT)) {
            return new Values(probes, Probe.Kind.EVENT, className, name, descriptor);
          }
          if (type.equals(FUNCTION)) {
            return new Values(probes, Probe.Kind.FUNCTION, className, name, descriptor);
          }
          return null;
        }
      };
    }
  }

  /** Reads the values of one annotation. */
  private static final class Values extends AnnotationVisitor {
    private final List<Probe> probes;
    private final Probe.Kind kind;
    private final String className;
    private final String method;
    private final String descriptor;
    private final List<String> fields = new ArrayList<>();
    private String value = "";
    private String system = "";
    private String event = "";
    private String print = "";

    Values(
        List<Probe> probes, Probe.Kind kind, String className, String method, String descriptor) {
      super(OpenedClassReader.ASM_API);
      this.probes = probes;
      this.kind = kind;
      this.className = className;
      this.method = method;
      this.descriptor = descriptor;
    }

    @Override
    public void visit(@Nullable String name, Object found) {
      String text = String.valueOf(found);
      switch (name) {
        case "value" -> value = text;
        case "system" -> system = text;
        case "event" -> event = text;
        case "print" -> print = text;
        case null, default -> fields.add(text);
      }
    }

    @Override
    public AnnotationVisitor visitArray(String name) {
      return new AnnotationVisitor(OpenedClassReader.ASM_API) {
        @Override
        public void visit(@Nullable String ignored, Object found) {
          fields.add(String.valueOf(found));
        }
      };
    }

    @Override
    public void visitEnd() {
      String name = kind == Probe.Kind.FUNCTION ? value : system + ":" + event;
      probes.add(new Probe(kind, className, method, descriptor, name, List.copyOf(fields), print));
    }
  }
}
