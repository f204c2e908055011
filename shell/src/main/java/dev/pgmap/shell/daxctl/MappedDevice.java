package dev.pgmap.shell.daxctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DaxAttributes;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DaxRegion;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.shell.files.InputText;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A device that is made from the mappings of another, {@code daxctl create-device --input}: one
 * range after the other, as they were listed.
 *
 * @param console where it is made
 * @param alignBytes its alignment, or null for that of its region
 */
record MappedDevice(Console console, @Nullable Long alignBytes) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern CHARDEV = Pattern.compile("dax([0-9]{1,6})\\.[0-9]{1,6}");

  /**
   * Makes it.
   *
   * @param file a file of the machine, or {@code -}
   * @throws CommandException if what it has is no device with mappings
   * @throws dev.pgmap.api.MmException what making it fails with; nothing is left behind
   */
  DevDax create(String file) {
    JsonNode listed = listed(new InputText(console).all(file));
    DaxBus bus = console.machine().daxBus();
    DevDax seed = bus.attributes().create(region(bus, listed));
    try {
      fill(bus.attributes(), seed, listed);
      bus.enable(seed.name());
    } catch (RuntimeException e) {
      bus.destroyDevice(seed.name(), false);
      throw e;
    }
    return seed;
  }

  private static JsonNode listed(String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      JsonNode device = root.isArray() ? root.path(0) : root;
      if (!device.path("mappings").isEmpty()) {
        return device;
      }
    } catch (JsonProcessingException e) {
      throw bad(e.getOriginalMessage());
    }
    throw bad("no mappings");
  }

  private static CommandException bad(String found) {
    return new CommandException(
        Exit.BAD_FILE, "--input: found " + found + ", expected what daxctl list -M prints");
  }

  private static DaxRegion region(DaxBus bus, JsonNode listed) {
    Matcher name = CHARDEV.matcher(listed.path("chardev").asText());
    if (!name.matches()) {
      throw bad("no chardev");
    }
    int id = Integer.parseInt(name.group(1));
    return bus.regions().stream()
        .filter(region -> region.id() == id && !region.isStatic())
        .findFirst()
        .orElseThrow(() -> bad("a device of region " + id + ", which is not dynamic"));
  }

  private void fill(DaxAttributes attributes, DevDax seed, JsonNode listed) {
    if (alignBytes != null) {
      attributes.setAlign(seed.name(), alignBytes);
    }
    for (JsonNode mapping : listed.path("mappings")) {
      long start = mapping.path("start").asLong(-1);
      long end = mapping.path("end").asLong(-1);
      if (start < 0 || end < start) {
        throw bad("a mapping from " + start + " to " + end);
      }
      attributes.addMapping(seed.name(), new PhysRange(start, end));
    }
  }
}
