package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code grep}: the lines that match; the exit code is 1 if there is none. */
@CommandLine.Command(
    name = "grep",
    description = "Print the lines of files, or of what comes through a pipe, that match.")
public final class Grep implements Command {
  /** What stands for itself in a basic regular expression, but not in Java's. */
  private static final Pattern LITERAL_IN_BASIC = Pattern.compile("[+?|(){}]");

  private final Console console;

  @Option(names = "-i", description = "Upper and lower case are the same.")
  private boolean ignoreCase;

  @Option(names = "-v", description = "The lines that do not match.")
  private boolean invert;

  @Option(names = "-c", description = "Only how many they are.")
  private boolean count;

  @Option(names = "-q", description = "Nothing but the exit code.")
  private boolean quiet;

  @Option(names = "-E", description = "The pattern is an extended regular expression.")
  private boolean extended;

  @Option(names = "-F", description = "The pattern is plain text.")
  private boolean fixed;

  @Parameters(index = "0", paramLabel = "PATTERN")
  private String pattern = "";

  @Parameters(index = "1..*", paramLabel = "FILE", arity = "0..*")
  private List<String> paths = List.of();

  /** On that console. */
  public Grep(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Pattern compiled = compile();
    InputText input = new InputText(console);
    long nrFound = 0;
    for (String path : paths.isEmpty() ? List.of(InputText.PIPE) : paths) {
      nrFound += search(compiled, path, input);
    }
    return nrFound > 0 ? Exit.OK : Exit.FAILED;
  }

  private Pattern compile() {
    int flags = (ignoreCase ? Pattern.CASE_INSENSITIVE : 0) | (fixed ? Pattern.LITERAL : 0);
    String regex =
        extended || fixed ? pattern : LITERAL_IN_BASIC.matcher(pattern).replaceAll("\\\\$0");
    try {
      return Pattern.compile(regex, flags);
    } catch (PatternSyntaxException e) {
      throw CommandException.badValue("pattern", pattern, "a regular expression");
    }
  }

  private long search(Pattern compiled, String path, InputText input) {
    String prefix = paths.size() > 1 ? path + ":" : "";
    long[] nrFound = {0};
    input.lines(
        path,
        line -> {
          if (compiled.matcher(line).find() != invert) {
            nrFound[0]++;
            if (!count && !quiet) {
              console.out().println(prefix + line);
            }
          }
          return !quiet || nrFound[0] == 0;
        });
    if (count && !quiet) {
      console.out().println(prefix + nrFound[0]);
    }
    return nrFound[0];
  }
}
