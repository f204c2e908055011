package dev.pgmap.core.nvdimm;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.Resource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a region, {@code struct nd_namespace_common} with its {@code nd_dax} or {@code
 * nd_pfn}.
 *
 * <p>Read by anyone at any time; changed only by {@link NvdimmBus}, by whoever holds the claim that
 * its state is.
 */
public final class Namespace {
  /** Where a namespace is in its life. The states named "being" belong to one caller each. */
  public enum State {
    CREATING("being created"),
    DISABLED("disabled"),
    ENABLING("being enabled"),
    ENABLED("enabled"),
    DISABLING("being disabled"),
    RECONFIGURING("being reconfigured"),
    DESTROYING("being destroyed");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** The state in words. */
    public String text() {
      return text;
    }
  }

  /** What a namespace is, replaced as a whole when it is reconfigured. */
  record Config(
      NamespaceMode mode, PhysRange range, @Nullable PfnSetup setup, UUID uuid, String altName) {
    /** What the nvdimm side keeps for itself in {@code /proc/iomem} while it is enabled. */
    PhysRange claimedRange() {
      return setup == null || mode == NamespaceMode.FSDAX ? range : setup.headRange();
    }
  }

  private final int regionId;
  private final int id;
  private volatile Config config;
  private volatile State state;
  private volatile @Nullable String deviceName;
  private volatile @Nullable PhysRange pendingRange;
  private @Nullable Resource claim;

  Namespace(int regionId, int id, Config config, State state) {
    this.regionId = regionId;
    this.id = id;
    this.config = config;
    this.state = state;
  }

  /** The name, {@code namespaceR.I}. */
  public String name() {
    return "namespace" + regionId + "." + id;
  }

  /** The number of its region. */
  public int regionId() {
    return regionId;
  }

  /** Its number in the region. */
  public int id() {
    return id;
  }

  /** What it is used as. */
  public NamespaceMode mode() {
    return config.mode();
  }

  /** All of its addresses, info block and struct pages included. */
  public PhysRange range() {
    return config.range();
  }

  /** The size that ndctl shows: what is left for data. */
  public long bytes() {
    Config now = config;
    return now.setup() == null ? now.range().bytes() : now.setup().dataRange().bytes();
  }

  /** How it is laid out; null for a raw one, and for fsdax on a whole range (legacy). */
  public @Nullable PfnSetup setup() {
    return config.setup();
  }

  /** Its uuid. */
  public UUID uuid() {
    return config.uuid();
  }

  /** The name given with {@code --name}; empty if none. Not kept on the medium. */
  public String altName() {
    return config.altName();
  }

  /** Where it is in its life. */
  public State state() {
    return state;
  }

  /** Whether a driver has it ({@code ndctl list} shows it without {@code -i}). */
  public boolean isEnabled() {
    return state == State.ENABLED;
  }

  /** The device that it is bound to, such as {@code dax0.0} or {@code pmem0}, or null. */
  public @Nullable String deviceName() {
    return deviceName;
  }

  Config config() {
    return config;
  }

  void setConfig(Config next) {
    config = next;
  }

  void enter(State next) {
    state = next;
  }

  void setDeviceName(@Nullable String name) {
    deviceName = name;
  }

  @Nullable PhysRange pendingRange() {
    return pendingRange;
  }

  void setPendingRange(@Nullable PhysRange range) {
    pendingRange = range;
  }

  @Nullable Resource claim() {
    return claim;
  }

  void setClaim(@Nullable Resource resource) {
    claim = resource;
  }

  @Override
  public String toString() {
    return name();
  }
}
