package dev.pgmap.trace.tracefs;

/** A file or a directory. */
sealed interface Node permits ControlFile, Folder {}
