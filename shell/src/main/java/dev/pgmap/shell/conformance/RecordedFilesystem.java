package dev.pgmap.shell.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pgmap.shell.session.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file system that a recorded command works on: which namespace it lies on, and the commands
 * that make, mount and fill it as it was.
 *
 * <p>Ours stands in for ext4 and xfs: it uses other blocks, so that the pages of a file have other
 * numbers here than on the real machine, and are told apart by what happens to them alone.
 *
 * @param recording whose command it is
 */
record RecordedFilesystem(Recording recording) {
  private static final String MOUNT_POINT = "/mnt";

  /** Files that were there before: their names tell how many MiB they have. */
  private static final Pattern READY_MADE = Pattern.compile("/mnt/g([0-9]{1,3})\\b");

  private static final Pattern NAMESPACE = Pattern.compile("namespace([0-9]{1,4})\\.0");

  /** Whether the command works on one. */
  boolean isUsed() {
    return recording.meta().command().contains(MOUNT_POINT);
  }

  /** Whether pages are told apart by what happens to them: those of files. */
  boolean renamesPages() {
    return isUsed();
  }

  /** The fsdax namespaces that the command touches. */
  List<JsonNode> namespaces() {
    return recording.start().namespaces().stream()
        .filter(namespace -> namespace.path("mode").asText().equals("fsdax"))
        .filter(this::isTouched)
        .toList();
  }

  private boolean isTouched(JsonNode namespace) {
    String name = namespace.path("dev").asText();
    return recording.meta().command().contains(name)
        || isUsed() && pfnsOf(name).anyIn(recording.meta().window());
  }

  /** The first page frames that the regions of the recorded machines have. */
  private PfnSample pfnsOf(String namespace) {
    Matcher name = NAMESPACE.matcher(namespace);
    if (!name.matches()) {
      throw CommandException.usage("%s: expected namespaceR.0", namespace);
    }
    return PfnSample.ofRegion(recording.start(), Integer.parseInt(name.group(1)));
  }

  /** The commands that make the namespaces, and what lies on them. */
  List<String> setUp() {
    List<String> lines = new ArrayList<>();
    for (JsonNode namespace : namespaces()) {
      lines.add(create(namespace));
      if (isUsed()) {
        lines.addAll(fill("/dev/" + namespace.path("blockdev").asText()));
      }
    }
    return lines;
  }

  private static String create(JsonNode namespace) {
    String name = namespace.path("dev").asText();
    return namespace.has("uuid")
        ? "ndctl create-namespace -f -e %s -m fsdax -a %d -M %s"
            .formatted(name, namespace.path("align").asLong(), namespace.path("map").asText())
        : "ndctl create-namespace -f -e %s -m fsdax --legacy".formatted(name);
  }

  private List<String> fill(String device) {
    List<String> lines = new ArrayList<>();
    lines.add("mkfs.%s -q %s".formatted(flavour(), device));
    lines.add("mount %s %s".formatted(device, MOUNT_POINT));
    Matcher ready = READY_MADE.matcher(recording.meta().command());
    while (ready.find()) {
      lines.add("fallocate -l %sM %s".formatted(ready.group(1), ready.group()));
    }
    return lines;
  }

  private String flavour() {
    return recording.scenario().contains("xfs") ? "xfs" : "ext4";
  }
}
