package dev.pgmap.shell.module;

import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.host.ModuleInfo;
import dev.pgmap.host.PluginHost;
import dev.pgmap.shell.session.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A module and those that extend it: {@code test_hmm} and {@code test_hmm_coherent}. */
public final class ModuleGroup {
  private static final String TEST_HMM = "test_hmm";
  private static final long CHUNK_BYTES = 256L << 20;

  private final Lab lab;
  private final String name;

  /** Those of that name. */
  public ModuleGroup(Lab lab, String name) {
    this.lab = lab;
    this.name = name;
  }

  /** Loads those that are not loaded, the one of that very name first. */
  void load(Map<String, Long> parameters) {
    PluginHost host = lab.host();
    List<String> extensions =
        host.available().stream().map(ModuleInfo::name).filter(this::extendsIt).sorted().toList();
    host.insmod(name, parameters);
    extensions.forEach(extension -> host.insmod(extension, parameters));
    lab.modulesChanged();
  }

  private boolean extendsIt(String module) {
    return module.startsWith(name + "_");
  }

  /** Unloads those that are loaded, the one of that very name last. */
  void unload() {
    List<String> loaded = new ArrayList<>();
    lab.host().list().stream().map(ModuleInfo::name).filter(this::extendsIt).forEach(loaded::add);
    loaded.add(name);
    loaded.forEach(lab.host()::rmmod);
  }

  private boolean isLoaded() {
    return lab.host().list().stream().anyMatch(module -> module.name().equals(name));
  }

  /**
   * Loads the module that hmm-tests need, unless it is loaded, with coherent memory at addresses
   * that nothing else has.
   */
  public static void loadTestHmm(Lab lab) {
    ModuleGroup group = new ModuleGroup(lab, TEST_HMM);
    if (!group.isLoaded()) {
      group.load(coherentMemory(lab.machine()));
    }
  }

  /** Where coherent memory can be; empty if the machine has no room for it. */
  private static Map<String, Long> coherentMemory(Machine machine) {
    try {
      Resource room =
          machine
              .resources()
              .requestHighest(
                  2 * CHUNK_BYTES, CHUNK_BYTES, machine.memory().endAddress(), TEST_HMM);
      PhysRange range = room.range();
      machine.resources().release(room);
      return Map.of("spm_addr_dev0", range.start() + CHUNK_BYTES, "spm_addr_dev1", range.start());
    } catch (MmException e) {
      return Map.of();
    }
  }
}
