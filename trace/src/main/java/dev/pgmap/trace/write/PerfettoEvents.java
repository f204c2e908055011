package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of a recording as Perfetto's ftrace events: sched_switch as such, all others as
 * generic ones, with their stack as one more field. Where nobody recorded sched_switch, a task runs
 * on a cpu from its first event there to that of another task.
 *
 * <pre>
 *   FtraceEventBundle   1 cpu  2 event  3 lost_events
 *   FtraceEvent         1 timestamp  2 pid  4 sched_switch  327 generic
 *   GenericFtraceEvent  1 event_name  2 field: 1 name  3 str_value  4 int_value  5 uint_value
 *   SchedSwitchFtraceEvent  1 prev_comm  2 prev_pid  3 prev_prio  4 prev_state
 *                           5 next_comm  6 next_pid  7 next_prio
 * </pre>
 */
final class PerfettoEvents {
  /** Events of a cpu are put together up to this size. */
  private static final int BUNDLE_BYTES = 1 << 14;

  private static final List<String> SWITCH_FIELDS =
      List.of(
          "prev_comm", "prev_pid", "prev_prio", "prev_state", "next_comm", "next_pid", "next_prio");

  private final PerfettoPackets packets;
  private final Symbols symbols;
  private final boolean inferTasks;
  private final List<Cpu> cpus = new ArrayList<>();
  private final Map<EventFormat, Encoding> encodings = new IdentityHashMap<>();
  private final Map<Integer, Integer> cpuOfPid = new HashMap<>();
  private final Proto event = new Proto();
  private final Proto body = new Proto();
  private final Proto field = new Proto();

  /** What is the same in all events of a format. */
  private record Encoding(byte[] name, List<EventField> fields, List<byte[]> fieldNames) {
    static Encoding of(EventFormat format) {
      List<EventField> fields = format.fields().stream().filter(PerfettoEvents::isShown).toList();
      return new Encoding(
          new Proto().text(1, format.name()).toArray(),
          fields,
          fields.stream().map(each -> new Proto().text(1, each.name()).toArray()).toList());
    }
  }

  /** What is to be written of a cpu. */
  private static final class Cpu {
    final Proto bundle = new Proto();
    int pid = -1;
    String comm = "";
  }

  PerfettoEvents(PerfettoPackets packets, TraceSource source, boolean inferTasks) {
    this.packets = packets;
    this.symbols = source.symbols();
    this.inferTasks = inferTasks;
  }

  private static boolean isShown(EventField field) {
    return field.shape() == EventField.Shape.NUMBER || field.shape().isText();
  }

  void add(StackedEvent stacked) {
    TraceEvent from = stacked.event();
    Cpu cpu = cpu(from.cpu());
    if (inferTasks) {
      run(cpu, from);
    }
    if (cpu.bundle.size() > BUNDLE_BYTES || from.lost() != 0) {
      flush(cpu, from.cpu());
    }
    if (from.lost() != 0) {
      cpu.bundle.number(3, 1);
    }
    event.clear().number(1, from.timestamp()).number(2, from.pid());
    if (from.format().fullName().equals("sched:sched_switch")) {
      event.message(4, switched(from));
    } else {
      event.message(327, generic(stacked));
    }
    cpu.bundle.message(2, event);
  }

  /** Writes what is left. */
  void end() {
    for (int i = 0; i < cpus.size(); i++) {
      flush(cpus.get(i), i);
    }
  }

  private Cpu cpu(int number) {
    while (cpus.size() <= number) {
      cpus.add(new Cpu());
    }
    return cpus.get(number);
  }

  private void flush(Cpu cpu, int number) {
    if (!cpu.bundle.isEmpty()) {
      packets.bundle(cpu.bundle.number(1, number));
      cpu.bundle.clear();
    }
  }

  private void run(Cpu cpu, TraceEvent from) {
    int pid = from.pid();
    if (cpu.pid == pid) {
      return;
    }
    long stamp = from.timestamp();
    if (cpu.pid >= 0) {
      packets.taskState(stamp, from.cpu(), cpu.pid, cpu.comm, PerfettoPackets.STATE_RUNNABLE);
      cpuOfPid.remove(cpu.pid);
    }
    Integer elsewhere = cpuOfPid.put(pid, from.cpu());
    if (elsewhere != null) {
      cpus.get(elsewhere).pid = -1;
      packets.taskState(stamp, elsewhere, pid, from.comm(), PerfettoPackets.STATE_RUNNABLE);
    }
    cpu.pid = pid;
    cpu.comm = from.comm();
    packets.taskState(stamp, from.cpu(), pid, cpu.comm, PerfettoPackets.STATE_RUNNING);
  }

  private Proto switched(TraceEvent from) {
    body.clear();
    for (int i = 0; i < SWITCH_FIELDS.size(); i++) {
      EventField part = from.format().field(SWITCH_FIELDS.get(i));
      if (part != null && part.shape().isText()) {
        body.text(i + 1, from.text(part));
      } else if (part != null) {
        body.number(i + 1, from.number(part));
      }
    }
    return body;
  }

  private Proto generic(StackedEvent stacked) {
    TraceEvent from = stacked.event();
    Encoding encoding = encodings.computeIfAbsent(from.format(), Encoding::of);
    body.clear().encoded(encoding.name());
    for (int i = 0; i < encoding.fields().size(); i++) {
      EventField part = encoding.fields().get(i);
      field.clear().encoded(encoding.fieldNames().get(i));
      if (part.shape().isText()) {
        field.text(3, from.text(part));
      } else {
        field.number(part.signed() ? 4 : 5, from.number(part));
      }
      body.message(2, field);
    }
    if (stacked.stack().length > 0) {
      body.message(
          2, field.clear().text(1, "stack").text(3, Stacks.text(stacked.stack(), symbols)));
    }
    return body;
  }
}
