package dev.pgmap.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program that the launcher starts. */
public final class Main {
  private Main() {}

  /** Runs it and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int status = new Program(out, err, TerminalInfo.ofProcess()).run(args);
    out.flush();
    err.flush();
    // Jobs that wait inside the kernel may be left: they must not keep the process.
    Runtime.getRuntime().halt(status);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
