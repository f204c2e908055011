package dev.pgmap.trace.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.tracefs.TraceSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Records a running pgmap from outside: it need not have been started for this, and goes on as
 * before in the end. For one thread.
 */
public final class Attach {
  private static final String MAIN_CLASS = "dev.pgmap.shell.Main";
  private static final String NEXT = "ps and jps list processes";
  private static final String AGENT = "agent.jar";
  private static final String REQUEST = "request";
  private static final String REPLY = "reply";
  private static final long POLL_MILLIS = 20;
  private static final long LAST_WORDS_MILLIS = 60_000;

  private final long pid;

  /** What will record that process. */
  public Attach(long pid) {
    this.pid = pid;
  }

  /**
   * Records until time is up, the machine there ends, or this thread is interrupted; returns when
   * the file is written. The machine's settings of tracing are reset before and after.
   *
   * @param seconds of the host's time
   * @param output the trace.dat; the other process writes it
   * @param begun called when the recording has begun
   * @throws TraceException if there is no such process, it is no pgmap of the same user, it is
   *     traced already, or it refuses what is asked for; nothing was recorded then
   */
  public AttachReply record(
      TraceSetup setup, double seconds, Path output, boolean version7, Runnable begun) {
    ProcessHandle process = checkedProcess();
    try {
      Path directory = Files.createTempDirectory("pgmap-attach");
      try {
        AttachRequest request =
            new AttachRequest(
                setup,
                seconds,
                ProcessHandle.current().pid(),
                output.toAbsolutePath().toString(),
                version7,
                directory.resolve(REPLY).toString());
        return record(process, request, directory, begun);
      } finally {
        deleteAll(directory);
      }
    } catch (IOException e) {
      throw problem(String.valueOf(e.getMessage()), "a process to attach to", NEXT);
    }
  }

  private ProcessHandle checkedProcess() {
    if (pid == ProcessHandle.current().pid()) {
      throw problem("this process", "another", "'trace-cmd record' records this one");
    }
    ProcessHandle process =
        ProcessHandle.of(pid).orElseThrow(() -> problem("no such process", "a pgmap", NEXT));
    Optional<String> owner = process.info().user();
    Optional<String> self = ProcessHandle.current().info().user();
    if (!owner.equals(self)) {
      throw problem(
          "a process of " + owner.orElse("another user"),
          "one of " + self.orElse("this user"),
          "become that user");
    }
    return process;
  }

  private AttachReply record(
      ProcessHandle process, AttachRequest request, Path directory, Runnable begun)
      throws IOException {
    Path requestFile = directory.resolve(REQUEST);
    request.save(requestFile);
    load(directory.resolve(AGENT), requestFile);
    Path replyFile = Path.of(request.reply());
    if (!Files.exists(replyFile)) {
      begun.run();
    }
    AttachReply reply = await(process, replyFile, requestFile);
    if (!reply.problem().isEmpty()) {
      throw TraceException.relayed("attach to " + pid, reply.problem());
    }
    return reply;
  }

  private void load(Path agentJar, Path requestFile) throws IOException {
    AgentJar.write(agentJar);
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        checkIsPgmap(machine);
        machine.loadAgent(agentJar.toString(), requestFile.toString());
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw problem("no JVM that can be attached to", "a running pgmap", NEXT);
    } catch (AgentLoadException | AgentInitializationException e) {
      throw problem(String.valueOf(e.getMessage()), "an agent that starts", "see its messages");
    }
  }

  private void checkIsPgmap(VirtualMachine machine) throws IOException {
    String command = machine.getSystemProperties().getProperty("sun.java.command", "");
    String main = command.split(" ", 2)[0];
    if (!main.equals(MAIN_CLASS)) {
      throw problem("a JVM that runs '" + main + "'", "a running pgmap", NEXT);
    }
  }

  /** Waits for the answer; an interrupt asks for it at once. */
  private AttachReply await(ProcessHandle process, Path reply, Path requestFile)
      throws IOException {
    long deadline = Long.MAX_VALUE;
    while (!Files.exists(reply)) {
      boolean ended = !process.isAlive();
      if (ended && !Files.exists(reply)) {
        throw problem("the process ended", "the recording before that", "");
      }
      if (deadline < System.nanoTime()) {
        throw problem("no answer within a minute", "the recording", "see jstack " + pid);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Files.deleteIfExists(requestFile);
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
      }
    }
    return AttachReply.load(reply);
  }

  private TraceException problem(String found, String expected, String next) {
    return new TraceException("attach to " + pid, found, expected, next);
  }

  private static void deleteAll(Path directory) throws IOException {
    for (String name : List.of(AGENT, REQUEST, REPLY, AttachReply.DRAFT)) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
