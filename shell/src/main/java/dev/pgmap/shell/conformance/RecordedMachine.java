package dev.pgmap.shell.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine of a recording: its memory as {@code memmap=SIZE!START} (persistent) and {@code
 * memmap=SIZE$START} (reserved) cut it out of RAM, its cpus, and the commands that make its
 * namespaces.
 *
 * @param meta the machine as it was before the recorded command
 */
record RecordedMachine(Meta meta) {
  private static final Pattern MEMMAP =
      Pattern.compile("memmap=([0-9A-Za-z]+)([!$])([0-9A-Za-z]+)");
  private static final Pattern CPUS = Pattern.compile("([0-9]{1,4}) virtual CPU");
  private static final Pattern HMM = Pattern.compile("hmm-tests|test_hmm");

  /** The driver of the recorded machines had its coherent memory there. */
  private static final String LOAD_TEST_HMM =
      "modprobe test_hmm spm_addr_dev0=0x1d0000000 spm_addr_dev1=0x1c0000000";

  private static final Pattern RAM_GIB = Pattern.compile("([0-9]{1,4}) GiB");

  /**
   * What it is made of.
   *
   * @param machine the line {@code machine:}, which says how many cpus and how much memory
   */
  MachineSpec spec(String machine, Era era) {
    List<PhysRange> ram = MachineSpec.ramOf(number(RAM_GIB, machine, 4) << 30);
    List<Pmem> pmem = new ArrayList<>();
    Matcher memmap = MEMMAP.matcher(meta.header("cmdline"));
    while (memmap.find()) {
      long start = Sizes.parse("memmap", memmap.group(3));
      PhysRange range = PhysRange.ofLength(start, Sizes.parse("memmap", memmap.group(1)));
      ram = without(ram, range);
      if (memmap.group(2).equals("!")) {
        pmem.add(new Pmem(range, null));
      }
    }
    int nrCpus = Math.toIntExact(number(CPUS, machine, 1));
    return new MachineSpec(nrCpus, ram, pmem, List.of(), 4, era);
  }

  private static long number(Pattern pattern, String text, long otherwise) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
  }

  private static List<PhysRange> without(List<PhysRange> ranges, PhysRange hole) {
    List<PhysRange> rest = new ArrayList<>();
    for (PhysRange range : ranges) {
      if (!range.overlaps(hole)) {
        rest.add(range);
        continue;
      }
      if (range.start() < hole.start()) {
        rest.add(new PhysRange(range.start(), hole.start() - 1));
      }
      if (range.end() > hole.end()) {
        rest.add(new PhysRange(hole.end() + 1, range.end()));
      }
    }
    return rest;
  }

  /**
   * The commands that make its devdax namespaces, each of which takes the whole of its region, and
   * the devices in mode system-ram; then the module that tests of memory that devices own need.
   */
  List<String> setUp() {
    List<String> lines = new ArrayList<>();
    devdax().forEach(namespace -> lines.addAll(setUp(namespace)));
    if (HMM.matcher(meta.command()).find()) {
      lines.add(hugePages());
      lines.add(LOAD_TEST_HMM);
    }
    return lines;
  }

  /** The recorded kernels gave huge pages to all who could have them, unless a note says else. */
  private String hugePages() {
    boolean none = meta.header("note").matches(".*(?:THP (?:disabled|off|never)).*");
    return "echo %s > /sys/kernel/mm/transparent_hugepage/enabled"
        .formatted(none ? "never" : "always");
  }

  private static List<String> setUp(JsonNode namespace) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "ndctl create-namespace -f -e %s -m devdax -a %d -M %s"
            .formatted(
                namespace.path("dev").asText(),
                namespace.path("align").asLong(),
                namespace.path("map").asText()));
    for (JsonNode device : namespace.path("daxregion").path("devices")) {
      if (device.path("mode").asText().equals("system-ram")) {
        String name = device.path("chardev").asText();
        lines.add("daxctl reconfigure-device -m system-ram -N " + name);
      }
    }
    return lines;
  }

  private List<JsonNode> devdax() {
    return meta.namespaces().stream()
        .filter(namespace -> namespace.path("mode").asText().equals("devdax"))
        .toList();
  }

  /**
   * Checks that the namespaces made have the sizes recorded: pages then have the same numbers.
   *
   * @throws CommandException that names the first that has not
   */
  void check(List<Namespace> made) {
    for (JsonNode recorded : devdax()) {
      String name = recorded.path("dev").asText();
      String size = recorded.path("size").asText();
      String found =
          made.stream()
              .filter(namespace -> namespace.name().equals(name))
              .map(namespace -> Sizes.human(namespace.bytes()))
              .findFirst()
              .orElse("none");
      if (!found.equals(size)) {
        throw CommandException.usage(
            "%s: found %s when it was made again, expected %s as recorded", name, found, size);
      }
    }
  }
}
