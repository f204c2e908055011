package dev.pgmap.shell;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.shell.session.Lab;
import dev.pgmap.shell.session.Session;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;

/**
 * A shell on a small machine like that of the recordings: pmem of 64 MiB at 0x70000000 and of 768
 * MiB at 0x80000000, and 256 MiB of dynamic dax memory at 4 GiB.
 */
final class ShellFixture implements AutoCloseable {
  static final Path PLUGINS = Path.of(System.getProperty("pgmap.plugins"));
  private static final long MIB = 1L << 20;

  final Session session;
  final Shell shell;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  ShellFixture(Era era) {
    this(era, false);
  }

  ShellFixture(Era era, boolean json) {
    this(spec(era), json);
  }

  ShellFixture(MachineSpec spec, boolean json) {
    this(new Session(spec, PLUGINS, json));
  }

  /** The same with counts that the caller made. */
  ShellFixture(Era era, PageRefs refs) {
    this(new Session(Lab.boot(spec(era), PLUGINS, refs), PLUGINS, false));
  }

  private ShellFixture(Session session) {
    this.session = session;
    shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));
  }

  static MachineSpec spec(Era era) {
    return new MachineSpec(
        2,
        List.of(new PhysRange(MIB, 0x6fffffffL), new PhysRange(0x74000000L, 0x7fffffffL)),
        List.of(
            new MachineSpec.Pmem(PhysRange.ofLength(0x70000000L, 64 * MIB), null),
            new MachineSpec.Pmem(PhysRange.ofLength(0x80000000L, 768 * MIB), null)),
        List.of(new MachineSpec.SoftReserved(PhysRange.ofLength(1L << 32, 256 * MIB), 2 * MIB)),
        4,
        era);
  }

  /** Runs a line that has to go well; returns what it printed. */
  String run(String line) {
    int status = shell.execute(line);
    String errors = takeErr();
    Assertions.assertThat(status).as("%s: %s", line, errors).isZero();
    lastErr = errors;
    return takeOut();
  }

  /** Runs a line that has to end with this exit code; returns what it complained of. */
  String fail(int exitCode, String line) {
    Assertions.assertThat(shell.execute(line)).as(line).isEqualTo(exitCode);
    takeOut();
    return takeErr();
  }

  private String lastErr = "";

  /** What the last line that went well printed on the error stream. */
  String lastErr() {
    return lastErr;
  }

  String takeOut() {
    String text = out.toString();
    out.getBuffer().setLength(0);
    return text;
  }

  String takeErr() {
    String text = err.toString();
    err.getBuffer().setLength(0);
    return text;
  }

  void assertSound() {
    Assertions.assertThat(Invariants.check(session.machine())).isEmpty();
  }

  @Override
  public void close() {
    Assertions.assertThat(session.stop()).isEmpty();
  }
}
