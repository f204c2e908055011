package dev.pgmap.trace.write;

import java.util.List;

/**
 * The packets of a Perfetto trace that we write, with the numbers of their fields.
 *
 * <pre>
 *   Trace            1 packet
 *   TracePacket      1 ftrace_events  8 timestamp  10 trusted_packet_sequence_id  11 track_event
 *                    13 sequence_flags  60 track_descriptor  117 generic_kernel_task_state_event
 *   TrackDescriptor  1 uuid  2 name  4 thread  5 parent_uuid  8 counter
 *   ThreadDescriptor 1 pid  2 tid  5 thread_name
 *   TrackEvent       4 debug_annotations  9 type  11 track_uuid  22 categories  23 name
 *                    30 counter_value  47 flow_ids  48 terminating_flow_ids  55 callstack
 *   Callstack        1 frames, outermost first: 1 function_name
 *   DebugAnnotation  4 int_value  7 pointer_value  10 name
 *   GenericKernelTaskStateEvent  1 cpu  2 comm  3 tid  4 state
 * </pre>
 *
 * <p>For one thread.
 */
final class PerfettoPackets {
  static final int SLICE_BEGIN = 1;
  static final int SLICE_END = 2;
  static final int INSTANT = 3;
  static final int COUNTER = 4;

  static final int STATE_RUNNABLE = 2;
  static final int STATE_RUNNING = 3;

  /** Tracks of tasks are numbered by pid; others from here on. */
  private static final long FIRST_TRACK = 1L << 33;

  private static final int SEQUENCE = 1;
  private static final int INCREMENTAL_STATE_CLEARED = 1;

  private final OutputFile out;
  private final Proto frame = new Proto();
  private final Proto packet = new Proto();
  private final Proto body = new Proto();
  private final Proto part = new Proto();
  private final Proto inner = new Proto();
  private long nextTrack = FIRST_TRACK;

  PerfettoPackets(OutputFile out) {
    this.out = out;
    put(packet.clear().number(10, SEQUENCE).number(13, INCREMENTAL_STATE_CLEARED));
  }

  /** Describes a track; its number. */
  long track(String name, long parent) {
    return describe(body.clear().text(2, name), parent);
  }

  /** Describes a track of values; its number. */
  long counterTrack(String name, long parent) {
    return describe(body.clear().text(2, name).message(8, part.clear()), parent);
  }

  private long describe(Proto descriptor, long parent) {
    long uuid = nextTrack++;
    descriptor.number(1, uuid);
    if (parent != 0) {
      descriptor.number(5, parent);
    }
    put(packet.clear().number(10, SEQUENCE).message(60, descriptor));
    return uuid;
  }

  /** The number of a task's track. */
  static long taskTrackOf(int pid) {
    return Integer.toUnsignedLong(pid) + 1;
  }

  /** Describes the track of a task, a process of one thread; its number. */
  long taskTrack(int pid, String comm) {
    long uuid = taskTrackOf(pid);
    part.clear().number(1, pid).number(2, pid).text(5, comm);
    body.clear().number(1, uuid).message(4, part);
    put(packet.clear().number(10, SEQUENCE).message(60, body));
    return uuid;
  }

  /** Begins an event on a track; what is added goes with it, until {@link #end}. */
  PerfettoPackets begin(int type, long track) {
    body.clear().number(9, type).number(11, track);
    return this;
  }

  PerfettoPackets name(String name) {
    body.text(22, "page_ref").text(23, name);
    return this;
  }

  PerfettoPackets value(long value) {
    body.number(30, value);
    return this;
  }

  PerfettoPackets flow(long id) {
    body.fixed64(47, id);
    return this;
  }

  PerfettoPackets lastOfFlow(long id) {
    body.fixed64(48, id);
    return this;
  }

  PerfettoPackets annotation(String name, long value) {
    body.message(4, part.clear().number(4, value).text(10, name));
    return this;
  }

  PerfettoPackets address(String name, long value) {
    body.message(4, part.clear().number(7, value).text(10, name));
    return this;
  }

  /**
   * A stack.
   *
   * @param functions innermost first
   */
  PerfettoPackets stack(List<String> functions) {
    if (!functions.isEmpty()) {
      part.clear();
      functions.reversed().forEach(name -> part.message(1, inner.clear().text(1, name)));
      body.message(55, part);
    }
    return this;
  }

  /** Ends what {@link #begin} began. */
  void end(long stamp) {
    put(packet.clear().number(8, stamp).number(10, SEQUENCE).message(11, body));
  }

  /** A task turns to a state on a cpu. */
  void taskState(long stamp, int cpu, int pid, String comm, int state) {
    body.clear().number(1, cpu).text(2, comm).number(3, pid).number(4, state);
    put(packet.clear().number(8, stamp).message(117, body));
  }

  /** A bundle of the kernel's events. */
  void bundle(Proto events) {
    put(packet.clear().message(1, events));
  }

  private void put(Proto whole) {
    frame.clear().message(1, whole);
    out.putBytes(frame.array(), 0, frame.size());
  }
}
