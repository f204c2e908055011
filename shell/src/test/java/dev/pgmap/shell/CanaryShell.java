package dev.pgmap.shell;

/** Something of the shell. */
public final class CanaryShell {}
