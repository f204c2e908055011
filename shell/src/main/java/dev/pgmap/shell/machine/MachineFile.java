package dev.pgmap.shell.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.PolicyChoice;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.format.TextFile;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A machine as JSON.
 *
 * <pre>
 * {
 *   "cpus": 2,                      simulated cpus
 *   "ram": "4G",                    a size, or a list of {"start", "size"}
 *   "pmem": [ {"start": "16G", "size": "256G", "file": "pmem0.img"} ],
 *   "dax":  [ {"start": "300G", "size": "8G", "align": "2M"} ],
 *   "geometry": "x86-64",           page tables; or "levels": 4 or 5, those of x86-64
 *   "walker": "per-level",          or "leaf": who goes over page tables
 *   "era": "7.2",
 *   "policy": {"hold": "sweep"}     answers that differ from those of the era
 * }
 * </pre>
 *
 * <p>Every key may be left out; the value is that of the standard machine then. Sizes are numbers
 * of bytes or texts with K, M, G, T. A file is relative to the machine file.
 */
public final class MachineFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();
  private static final long DEFAULT_ALIGN = 2L << 20;

  private final String name;
  private final @Nullable Path directory;

  private MachineFile(Path file) {
    this.name = file.toString();
    this.directory = file.toAbsolutePath().getParent();
  }

  /**
   * Reads a machine file.
   *
   * @throws CommandException with exit code 3, which names the file and the key
   */
  public static MachineSpec read(Path file) {
    String text = TextFile.read("machine file", file);
    return new MachineFile(file).parse(text);
  }

  private MachineSpec parse(String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw bad("line " + e.getLocation().getLineNr(), e.getOriginalMessage(), "JSON");
    }
    checkObject(
        "the whole",
        root,
        Set.of("cpus", "ram", "pmem", "dax", "geometry", "levels", "walker", "era", "policy"));
    MachineSpec standard = MachineSpec.standard();
    JsonNode ram = root.get("ram");
    JsonNode pmem = root.get("pmem");
    try {
      return new MachineSpec(
          integer(root, "cpus", standard.nrCpus()),
          ram == null ? standard.ram() : ram(ram),
          pmem == null ? standard.pmem() : pmem(pmem),
          softReserved(root.get("dax")),
          geometry(root, standard.geometry()),
          walker(root.get("walker"), standard.walker()),
          policies(root.get("policy"), era(root.get("era"), standard.era())));
    } catch (MmException e) {
      throw new CommandException(Exit.BAD_FILE, name + ": " + e.getMessage());
    }
  }

  private CommandException bad(String key, String found, String expected) {
    return new CommandException(
        Exit.BAD_FILE, "%s: %s: found %s, expected %s".formatted(name, key, found, expected));
  }

  private void checkObject(String key, @Nullable JsonNode node, Set<String> known) {
    if (node == null || !node.isObject()) {
      throw bad(key, shown(node), "an object { ... }");
    }
    for (var entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        throw bad(
            key.equals("the whole") ? "'" + entry.getKey() + "'" : key + "." + entry.getKey(),
            "an unknown key",
            "one of " + known.stream().sorted().toList());
      }
    }
  }

  private static String shown(@Nullable JsonNode node) {
    if (node == null || node.isMissingNode()) {
      return "nothing";
    }
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private int integer(JsonNode root, String key, int otherwise) {
    JsonNode node = root.get(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isInt()) {
      throw bad(key, shown(node), "a whole number");
    }
    return node.intValue();
  }

  private Era era(@Nullable JsonNode node, Era otherwise) {
    if (node == null) {
      return otherwise;
    }
    if (!node.isTextual()) {
      throw bad("era", shown(node), "a text such as \"7.2\"");
    }
    return Era.named(node.textValue());
  }

  private Era policies(@Nullable JsonNode node, Era era) {
    if (node == null) {
      return era;
    }
    if (!node.isObject()) {
      throw bad("policy", shown(node), "an object such as {\"hold\": \"sweep\"}");
    }
    Map<String, String> answers = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw bad("policy." + entry.getKey(), shown(entry.getValue()), "a text");
      }
      answers.put(entry.getKey(), entry.getValue().textValue());
    }
    return PolicyChoice.apply(era, answers);
  }

  private Geometry geometry(JsonNode root, Geometry otherwise) {
    JsonNode node = root.get("geometry");
    if (node == null) {
      return root.has("levels") ? Geometry.x86(integer(root, "levels", 4)) : otherwise;
    }
    if (root.has("levels")) {
      throw bad("levels", shown(root.get("levels")), "geometry or levels, not both");
    }
    if (!node.isTextual()) {
      throw bad("geometry", shown(node), "a text such as \"x86-64\"");
    }
    return Geometries.named(node.textValue());
  }

  private TableWalker walker(@Nullable JsonNode node, TableWalker otherwise) {
    if (node == null) {
      return otherwise;
    }
    if (!node.isTextual()) {
      throw bad("walker", shown(node), "a text such as \"leaf\"");
    }
    return TableWalker.named(node.textValue());
  }

  private List<PhysRange> ram(JsonNode node) {
    if (!node.isArray()) {
      long bytes = size("ram", node);
      if (bytes < 2L << 20) {
        throw bad("ram", shown(node), "at least 2M");
      }
      return MachineSpec.ramOf(bytes);
    }
    List<PhysRange> ranges = new ArrayList<>();
    forEach("ram", node, Set.of("start", "size"), (key, part) -> ranges.add(range(key, part)));
    return ranges;
  }

  private List<MachineSpec.Pmem> pmem(JsonNode node) {
    List<MachineSpec.Pmem> all = new ArrayList<>();
    forEach(
        "pmem",
        node,
        Set.of("start", "size", "file"),
        (key, part) -> all.add(new MachineSpec.Pmem(range(key, part), file(key, part))));
    return all;
  }

  private List<MachineSpec.SoftReserved> softReserved(@Nullable JsonNode node) {
    List<MachineSpec.SoftReserved> all = new ArrayList<>();
    if (node != null) {
      forEach(
          "dax",
          node,
          Set.of("start", "size", "align"),
          (key, part) -> all.add(new MachineSpec.SoftReserved(range(key, part), align(key, part))));
    }
    return all;
  }

  private interface PartReader {
    void read(String key, JsonNode part);
  }

  private void forEach(String key, JsonNode list, Set<String> known, PartReader reader) {
    if (!list.isArray()) {
      throw bad(key, shown(list), "a list [ ... ]");
    }
    for (int i = 0; i < list.size(); i++) {
      String partKey = key + "[" + i + "]";
      checkObject(partKey, list.get(i), known);
      reader.read(partKey, list.get(i));
    }
  }

  private long align(String key, JsonNode part) {
    JsonNode node = part.get("align");
    return node == null ? DEFAULT_ALIGN : size(key + ".align", node);
  }

  private @Nullable Path file(String key, JsonNode part) {
    JsonNode node = part.get("file");
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual() || node.textValue().isEmpty() || node.textValue().indexOf('\0') >= 0) {
      throw bad(key + ".file", shown(node), "a path");
    }
    Path path = Path.of(node.textValue());
    return directory == null ? path : directory.resolve(path);
  }

  private PhysRange range(String key, JsonNode part) {
    long start = size(key + ".start", part.get("start"));
    long bytes = size(key + ".size", part.get("size"));
    if (bytes == 0 || start + bytes < 0) {
      throw bad(key + ".size", shown(part.get("size")), "a size above zero, within 64 bits");
    }
    return PhysRange.ofLength(start, bytes);
  }

  private long size(String key, @Nullable JsonNode node) {
    if (node != null && node.isIntegralNumber() && node.canConvertToLong()) {
      if (node.longValue() >= 0) {
        return node.longValue();
      }
    } else if (node != null && node.isTextual()) {
      try {
        return Sizes.parse(name + ": " + key, node.textValue());
      } catch (CommandException e) {
        throw new CommandException(Exit.BAD_FILE, e.text());
      }
    }
    throw bad(key, shown(node), "a size such as \"2G\" or a number of bytes");
  }

  /** The machine as JSON that {@link #read} reads again. */
  static ObjectNode toJson(MachineSpec spec) {
    ObjectNode json = JsonText.object().put("cpus", spec.nrCpus());
    ArrayNode ram = json.putArray("ram");
    spec.ram().forEach(range -> put(ram.addObject(), range));
    ArrayNode pmem = json.putArray("pmem");
    for (MachineSpec.Pmem one : spec.pmem()) {
      ObjectNode part = put(pmem.addObject(), one.range());
      if (one.file() != null) {
        part.put("file", one.file().toString());
      }
    }
    ArrayNode dax = json.putArray("dax");
    for (MachineSpec.SoftReserved one : spec.softReserved()) {
      put(dax.addObject(), one.range()).put("align", Sizes.brief(one.alignBytes()));
    }
    json.put("geometry", spec.geometry().name())
        .put("walker", spec.walker().name())
        .put("era", spec.era().name());
    if (!spec.era().chosen().isEmpty()) {
      ObjectNode policy = json.putObject("policy");
      new TreeMap<>(spec.era().chosen()).forEach(policy::put);
    }
    return json;
  }

  private static ObjectNode put(ObjectNode json, PhysRange range) {
    return json.put("start", "0x" + Long.toHexString(range.start()))
        .put("size", Sizes.brief(range.bytes()));
  }
}
