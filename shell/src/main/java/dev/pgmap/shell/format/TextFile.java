package dev.pgmap.shell.format;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files of the host: machine files and scripts. */
public final class TextFile {
  private static final long MAX_BYTES = 16L << 20;

  private TextFile() {}

  /**
   * Reads a whole file.
   *
   * @param what what it is, for the message
   * @throws CommandException with exit code 3 if there is no such file, or it is no text
   */
  public static String read(String what, Path file) {
    if (!Files.exists(file)) {
      throw bad(what, file, "no such file", "the path of a " + what);
    }
    if (Files.isDirectory(file)) {
      throw bad(what, file, "a directory", "a file");
    }
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw bad(what, file, bytes + " bytes", "at most " + MAX_BYTES);
      }
      return decode(what, file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw bad(what, file, "it cannot be read: " + e, "a file that can");
    }
  }

  private static String decode(String what, Path file, byte[] bytes) {
    int line = 1;
    for (byte b : bytes) {
      if (b == '\n') {
        line++;
      } else if (b >= 0 && b < ' ' && b != '\t' && b != '\r') {
        throw bad(what, file, "byte 0x%02x in line %d".formatted(b, line), "text");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw bad(what, file, "bytes that are no UTF-8", "text");
    }
  }

  private static CommandException bad(String what, Path file, String found, String expected) {
    return new CommandException(
        Exit.BAD_FILE, "%s %s: found %s, expected %s".formatted(what, file, found, expected));
  }
}
