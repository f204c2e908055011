package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.RamFile;

/** Devices and files of RAM that are mapped. */
final class FileTests {
  private FileTests() {}

  private static Buffer shared(Self self, RamFile file, boolean writable) {
    MapRequest request =
        MapRequest.of(file.space(), file.bytes(), 0).asShared().withProtection(true, writable);
    return new Buffer(self.mm(), self.mm().mmap(request), Self.BUFFER_PAGES);
  }

  /** A device reads a file that is mapped. */
  static void fileRead(Self self) {
    RamFile file = file(self);
    try {
      Buffer writer = shared(self, file, true);
      writer.fill(i -> i);
      writer.free();
      Buffer buffer = shared(self, file, false);
      buffer.doneInOneFault(self.device(0), MirrorCommand.READ, Self.BUFFER_PAGES);
      buffer.checkMirror(i -> i);
      buffer.free();
    } finally {
      file.release();
    }
  }

  private static RamFile file(Self self) {
    long bytes = (long) Self.BUFFER_PAGES * Buffer.PAGE_BYTES;
    return RamFile.create(self.machine().mmContext(), "/tmp/(deleted)", bytes);
  }

  /** A device writes a file that is mapped: who reads the file sees it. */
  static void fileWrite(Self self) {
    RamFile file = file(self);
    try {
      ReadWriteTests.write(self, shared(self, file, true), Self.BUFFER_PAGES);
      Buffer reader = shared(self, file, false);
      reader.check(i -> i);
      reader.free();
    } finally {
      file.release();
    }
  }

  /** A private mapping of a file, once it is written, is memory like any other. */
  static void migrateFilePrivate(Self self) {
    long bytes = (long) Self.BUFFER_PAGES * Buffer.PAGE_BYTES;
    RamFile file = RamFile.create(self.machine().mmContext(), "/tmp/(deleted)", bytes);
    try {
      long at = self.mm().mmap(MapRequest.of(file.space(), bytes, 0));
      MigrateTests.migrated(self, new Buffer(self.mm(), at, Self.BUFFER_PAGES)).free();
    } finally {
      file.release();
    }
  }
}
