package dev.pgmap.shell.command;

import dev.pgmap.shell.files.VirtualFiles;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Sends the output of a command into a file of {@code /sys} or {@code /proc}. */
final class Redirection {
  void run(Console console, List<String> words, String target, boolean append) {
    VirtualFiles files = new VirtualFiles(console.session().lab());
    files.checkWritable(target);
    StringWriter text = new StringWriter();
    Console inner = console.withOut(new PrintWriter(text));
    int status = inner.run(words);
    console.ended(status, inner.errno());
    if (status == Exit.OK) {
      console
          .machine()
          .sync()
          .runAs(words.getFirst(), () -> files.write(target, text.toString(), append));
    }
  }
}
