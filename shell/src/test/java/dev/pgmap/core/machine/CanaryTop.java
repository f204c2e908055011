package dev.pgmap.core.machine;

/** Something on the top floor, for the canaries to reach for. */
public final class CanaryTop {}
