package dev.pgmap.shell.command;

import dev.pgmap.shell.files.VirtualFiles;
import dev.pgmap.shell.line.Word;
import dev.pgmap.shell.line.Word.Literal;
import dev.pgmap.shell.line.Word.Output;
import dev.pgmap.shell.line.Word.Part;
import dev.pgmap.shell.line.Word.Variable;
import dev.pgmap.shell.session.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Replaces variables, command output and {@code *} in the words of a command. */
final class Expander {
  List<String> expand(Console console, List<Word> words) {
    List<String> expanded = new ArrayList<>();
    for (Word word : words) {
      Fields fields = new Fields();
      word.parts().forEach(part -> append(console, part, fields));
      for (Fields.Field field : fields.all()) {
        List<String> paths = field.hasStar() ? glob(console, field.text()) : List.of();
        expanded.addAll(paths.isEmpty() ? List.of(field.text()) : paths);
      }
    }
    return expanded;
  }

  /** The paths that a pattern stands for, relative to where the console is if it is so. */
  private static List<String> glob(Console console, String pattern) {
    VirtualFiles files = new VirtualFiles(console.session().lab());
    if (pattern.startsWith("/")) {
      return files.glob(pattern);
    }
    String prefix = console.resolve("").equals("/") ? "/" : console.directory() + "/";
    return files.glob(prefix + pattern).stream()
        .map(path -> path.substring(prefix.length()))
        .toList();
  }

  /** The value of a word that is not split: the target of a redirection. */
  String expandOne(Console console, Word word) {
    StringBuilder text = new StringBuilder();
    for (Part part : word.parts()) {
      text.append(value(console, part));
    }
    return text.toString();
  }

  private void append(Console console, Part part, Fields fields) {
    if (part instanceof Variable variable && variable.name().equals("@") && part.quoted()) {
      fields.appendAll(console.arguments());
      return;
    }
    String value = value(console, part);
    if (part.quoted()) {
      fields.appendQuoted(value);
    } else if (part instanceof Literal) {
      fields.append(value);
    } else {
      fields.appendSplit(value);
    }
  }

  private String value(Console console, Part part) {
    return switch (part) {
      case Literal literal -> literal.text();
      case Variable variable -> console.variable(variable.name());
      case Output output -> outputOf(console, output);
    };
  }

  private String outputOf(Console console, Output output) {
    StringWriter text = new StringWriter();
    new Interpreter(false).run(console.withOut(new PrintWriter(text)), output.commands());
    return text.toString().stripTrailing();
  }
}
