package dev.pgmap.shell;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of the program itself; they come before the command. */
@CommandLine.Command(
    name = "pgmap",
    synopsisHeading = "Usage: ",
    customSynopsis = {
      "pgmap [OPTIONS] sh [-c LINE]      interactive, or one line of commands",
      "       pgmap [OPTIONS] run FILE [ARG...] a script, on one machine",
      "       pgmap [OPTIONS] COMMAND ...       one command, on a fresh machine"
    },
    description = {
      "",
      "A laboratory for Linux device memory: struct pages, dev_pagemap, pins, device-dax.",
      ""
    },
    footer = {
      "",
      "pgmap help lists the commands; pgmap help script tells how lines are written.",
      "Exit codes: 0 ok, 1 the command failed (its errno is in the message), 2 wrong usage,",
      "3 bad machine or script file or recording, 124 timeout, 130 interrupted."
    })
final class Options {
  @Option(
      names = "--machine",
      paramLabel = "FILE",
      description = "What the machine is made of, as JSON: cpus, ram, pmem, dax, geometry, era.")
  private @Nullable Path machine;

  @Option(
      names = "--era",
      paramLabel = "ERA",
      description =
          "Whose kernel it behaves like, such as 6.1; 7.2 is the default, and era list shows all.")
  private @Nullable String era;

  @Option(
      names = "--policy",
      paramLabel = "NAME=VALUE",
      description = "A policy that differs from that era, such as hold=sweep; may be repeated.")
  private List<String> policies = List.of();

  @Option(
      names = "--geometry",
      paramLabel = "NAME",
      description = "The shape of its page tables: x86-64 (the default), or see geometry list.")
  private @Nullable String geometry;

  @Option(names = "--json", description = "Print JSON wherever a command has a JSON form.")
  private boolean json;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  private boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", hidden = true)
  private List<String> words = List.of();

  @Nullable Path machine() {
    return machine;
  }

  @Nullable String era() {
    return era;
  }

  List<String> policies() {
    return policies;
  }

  @Nullable String geometry() {
    return geometry;
  }

  boolean json() {
    return json;
  }

  boolean version() {
    return version;
  }

  boolean help() {
    return help;
  }

  List<String> words() {
    return words;
  }
}
