package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.write.Compression;
import dev.pgmap.trace.write.TraceDatWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say where a recording goes; a mixin. */
public final class TraceOutput {
  @Option(names = "-o", paramLabel = "FILE", description = "Default: trace.dat.")
  private Path file = Path.of("trace.dat");

  @Option(names = "--file-version", paramLabel = "6|7", description = "Default: 6.")
  private int version = 6;

  /** Refuses what could not be written in the end. */
  public void check() {
    if (version != 6 && version != 7) {
      throw CommandException.badValue("--file-version", Integer.toString(version), "6 or 7");
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(file)) {
      throw CommandException.badValue("-o", file.toString(), "a file in a directory that exists");
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Whether it is to be of version 7. */
  public boolean isVersion7() {
    return version == 7;
  }

  /** Writes a recording and says so. */
  void write(TraceSource source, PrintWriter out) {
    TraceDatWriter writer =
        version == 6 ? TraceDatWriter.v6() : TraceDatWriter.v7(Compression.NONE);
    writer.write(source, file);
    try {
      out.println("%s: %d cpus, %d bytes".formatted(file, source.nrCpus(), Files.size(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
