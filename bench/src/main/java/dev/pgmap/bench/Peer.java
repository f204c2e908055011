package dev.pgmap.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The peer in C: compiled here and now, since its speed is that of this machine's compiler. */
final class Peer {
  private static final String SOURCE = "peer.c";

  private final Path program;
  private final String compiler;

  private Peer(Path program, String compiler) {
    this.program = program;
    this.compiler = compiler;
  }

  /**
   * Compiles it into a directory.
   *
   * @return empty where there is no gcc
   * @throws IllegalStateException with gcc's words if it does not compile
   */
  static Optional<Peer> compile(Path directory) throws IOException, InterruptedException {
    Optional<String> version = gccVersion();
    if (version.isEmpty()) {
      return Optional.empty();
    }
    Path source = directory.resolve(SOURCE);
    try (InputStream in = Peer.class.getResourceAsStream("/" + SOURCE)) {
      if (in == null) {
        throw new IllegalStateException(SOURCE + " is not on the class path");
      }
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path program = directory.resolve("peer");
    Child.run(List.of("gcc", "-O2", "-o", program.toString(), source.toString()));
    return Optional.of(new Peer(program, version.get()));
  }

  private static Optional<String> gccVersion() throws InterruptedException {
    try {
      return Child.run(List.of("gcc", "--version")).stream().findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The compiler's first line about itself. */
  String compiler() {
    return compiler;
  }

  /** The command that runs a workload. */
  List<String> command(PinCase workload) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(workload.toOptions());
    return command;
  }
}
