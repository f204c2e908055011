package dev.pgmap.api;

/**
 * The version of this SPI. A plugin names the range it was built for; the host refuses others.
 *
 * <p>The minor number grows when something is added, the major when something is changed or taken
 * away.
 */
public final class ApiVersion {
  /** The version that this api module implements. */
  public static final String CURRENT = "1.0.0";

  private ApiVersion() {}
}
