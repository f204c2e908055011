package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ring.RingPage;
import java.util.List;

/** What a trace.dat tells of the recording beside the events; the same in all versions. */
final class TraceDatParts {
  /** The three bytes and the word that every trace.dat begins with. */
  private static final byte[] MAGIC = {0x17, 0x08, 0x44};

  private static final String FTRACE = "ftrace";
  private static final List<String> CLOCKS =
      List.of("local", "global", "counter", "uptime", "perf", "mono", "mono_raw", "boot", "tai");

  private final TraceSource source;
  private final EventIds ids;

  TraceDatParts(TraceSource source, EventIds ids) {
    this.source = source;
    this.ids = ids;
  }

  /** Magic, version, little endian, 8-byte longs, size of pages. */
  static Bytes head(String version, int pageBytes) {
    return new Bytes()
        .put(MAGIC)
        .put(new byte[] {'t', 'r', 'a', 'c', 'i', 'n', 'g'})
        .putString(version)
        .putByte(0)
        .putByte(Long.BYTES)
        .putInt(pageBytes);
  }

  /** The texts of {@code events/header_page} and {@code events/header_event}. */
  static Bytes headers(int pageBytes) {
    return new Bytes()
        .putString("header_page")
        .putText(headerPage(pageBytes))
        .putString("header_event")
        .putText(headerEvent());
  }

  /** The formats of ftrace's own events. */
  Bytes ftraceFormats() {
    Bytes to = new Bytes();
    putFormats(to, ids.ofSystem(FTRACE));
    return to;
  }

  /** The formats of all other events, system by system. */
  Bytes eventFormats() {
    List<String> systems = ids.systems().stream().filter(name -> !name.equals(FTRACE)).toList();
    Bytes to = new Bytes().putInt(systems.size());
    for (String system : systems) {
      putFormats(to.putString(system), ids.ofSystem(system));
    }
    return to;
  }

  /** The text of {@code /proc/kallsyms}. */
  Bytes kallsyms() {
    return new Bytes().putShortText(kallsyms(source.symbols()));
  }

  /** The text of {@code printk_formats}: sources do not keep it. */
  Bytes printkFormats() {
    return new Bytes().putShortText("");
  }

  /** The text of {@code saved_cmdlines}. */
  Bytes cmdlines() {
    return new Bytes().putText(cmdlines(source.comms()));
  }

  /** All of it in one, as perf has it: what version 6 begins with, under a number of its own. */
  Bytes perfTracingData(int pageBytes) {
    return head("0.6", pageBytes)
        .put(headers(pageBytes).toArray())
        .put(ftraceFormats().toArray())
        .put(eventFormats().toArray())
        .put(kallsyms().toArray())
        .put(printkFormats().toArray())
        .put(cmdlines().toArray());
  }

  /** The text of {@code trace_clock}: those that there are, the current one in brackets. */
  String traceClock() {
    TraceClock clock = source.clock();
    StringBuilder text = new StringBuilder();
    for (String name : CLOCKS) {
      text.append(name.equals(clock.name()) ? "[" + name + "]" : name).append(' ');
    }
    if (!CLOCKS.contains(clock.name())) {
      text.append('[').append(clock.name()).append("] ");
    }
    return text.append('\n').toString();
  }

  /** A kallsyms text whose names are one word each: a reader ends the table at any other line. */
  static String kallsyms(Symbols symbols) {
    StringBuilder text = new StringBuilder();
    symbols.toKallsyms().lines().forEach(line -> text.append(oneWord(line)).append('\n'));
    return text.toString();
  }

  private static String oneWord(String line) {
    int name = line.indexOf(' ', line.indexOf(' ') + 1) + 1;
    return line.substring(0, name) + line.substring(name).replaceAll("\\s", "_");
  }

  private static String cmdlines(Comms comms) {
    StringBuilder text = new StringBuilder();
    comms
        .byPid()
        .forEach((pid, comm) ->
            text.append(pid).append(' ').append(comm.replace('\n', ' ')).append('\n'));
    return text.toString();
  }

  private static void putFormats(Bytes to, List<EventFormat> formats) {
    to.putInt(formats.size());
    formats.forEach(format -> to.putText(format.toText()));
  }

  private static String headerPage(int pageBytes) {
    return headerField("u64 timestamp", RingPage.TIME_STAMP, 8, 0)
        + headerField("local_t commit", RingPage.COMMIT, 8, 1)
        + headerField("int overwrite", RingPage.COMMIT, 1, 1)
        + headerField("char data", RingPage.DATA, pageBytes - RingPage.DATA, 1);
  }

  private static String headerField(String declaration, int offset, int bytes, int signed) {
    return "\tfield: %s;\toffset:%d;\tsize:%d;\tsigned:%d;\n"
        .formatted(declaration, offset, bytes, signed);
  }

  private static String headerEvent() {
    return """
    # compressed entry header
    \ttype_len    :    %d bits
    \ttime_delta  :   %d bits
    \tarray       :   32 bits

    \tpadding     : type == %d
    \ttime_extend : type == %d
    \ttime_stamp : type == %d
    \tdata max type_len  == %d
    """
        .formatted(
            RingPage.TYPE_LEN_BITS,
            RingPage.DELTA_BITS,
            RingPage.TYPE_PADDING,
            RingPage.TYPE_TIME_EXTEND,
            RingPage.TYPE_TIME_STAMP,
            RingPage.TYPE_LEN_MAX_DATA);
  }
}
