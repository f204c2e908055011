package dev.pgmap.shell.machine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code geometry}: the shape of the machine's page tables. */
@CommandLine.Command(
    name = "geometry",
    description = {
      "Show the shape of the page tables, or boot a fresh machine of another one.",
      "geometry | geometry list | geometry NAME"
    })
public final class GeometryCommand implements Command {
  private final Console console;

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..1",
      defaultValue = "show",
      description = "list, or the geometry to boot.")
  private String what = "show";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public GeometryCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    switch (what) {
      case "show" -> show(List.of(console.machine().spec().geometry()));
      case "list" -> show(Geometries.all());
      default -> boot(Geometries.named(what));
    }
    return Exit.OK;
  }

  private void show(List<Geometry> geometries) {
    if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      geometries.forEach(geometry -> put(all.addObject(), geometry));
      console.out().println(JsonText.of(all));
      return;
    }
    for (Geometry geometry : geometries) {
      boolean mine = geometry.name().equals(console.machine().spec().geometry().name());
      console
          .out()
          .println(
              "%s %-17s %d levels, %s"
                  .formatted(
                      mine ? "*" : " ",
                      geometry.name(),
                      geometry.nrTableLevels(),
                      GeometryText.sizes(geometry)));
    }
  }

  private static void put(ObjectNode json, Geometry geometry) {
    json.put("geometry", geometry.name()).put("levels", geometry.nrTableLevels());
    geometry.mappingBytes().forEach(json.putArray("maps")::add);
    geometry.hugetlbBytes().forEach(json.putArray("hugetlb")::add);
  }

  private void boot(Geometry geometry) {
    console.session().reboot(console.machine().spec().withGeometry(geometry));
    console
        .out()
        .println(
            "booted a fresh machine with page tables of %s: namespaces, mappings and counters"
                    .formatted(geometry.name())
                + " of the last one are gone, but for what is in device files");
  }
}
