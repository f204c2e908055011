package dev.pgmap.trace.report;

/**
 * What a task did: changes of page counts and other events apart, so that many of the ones do not
 * push out the others.
 */
record Lane(int pid, Marks refs, Marks others) {}
