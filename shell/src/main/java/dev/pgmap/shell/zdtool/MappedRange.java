package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;

/** The steps of the verbs that only map and touch, with what they print. */
final class MappedRange {
  private static final long PAGE_BYTES = 4096;

  private MappedRange() {}

  static long mapAndTouch(Verb verb, Task task) {
    long address = verb.map(task);
    verb.sayPage(task, "mapped", address);
    verb.touch(task, address);
    verb.console().out().println("touched " + verb.bytes() + " bytes");
    verb.sayPage(task, "page0", address);
    if (verb.bytes() > PAGE_BYTES) {
      verb.sayPage(task, "page1", address + PAGE_BYTES);
      verb.sayPage(task, "last", address + ((verb.bytes() - 1) & -PAGE_BYTES));
    }
    return address;
  }
}
