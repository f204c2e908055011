package dev.pgmap.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.shell.line.Statement.Background;
import dev.pgmap.shell.line.Statement.Chain;
import dev.pgmap.shell.line.Statement.Loop;
import dev.pgmap.shell.line.Statement.Simple;
import dev.pgmap.shell.line.Word.Literal;
import dev.pgmap.shell.line.Word.Output;
import dev.pgmap.shell.line.Word.Variable;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {
  private static List<Statement> parse(String text) {
    return Parser.parse(text, 1);
  }

  private static Simple simple(String text) {
    return (Simple) parse(text).getFirst();
  }

  @Test
  void cutsAtBlanksAndSeparators() {
    List<Statement> statements = parse("a b;c  d # rest\n\n e\\ f 'g h'\"i\"");
    assertThat(statements).hasSize(3);
    assertThat(statements).extracting(Statement::line).containsExactly(1, 1, 3);
    Simple last = (Simple) statements.get(2);
    assertThat(last.words()).hasSize(2);
    assertThat(last.words().get(1).parts()).containsExactly(new Literal("g hi", true));
  }

  @Test
  void keepsAHashInsideAWord() {
    assertThat(simple("echo a#b").words().get(1).bareText()).isEqualTo("a#b");
  }

  @Test
  void joinsLinesThatEndInABackslash() {
    assertThat(simple("a \\\n  b").words()).hasSize(2);
  }

  @Test
  void readsVariablesAndOutput() {
    Simple command = simple("echo rc=$? \"$x\" $(cut -d' ' -f1 /proc/uptime)");
    assertThat(command.words().get(1).parts())
        .containsExactly(new Literal("rc=", false), new Variable("?", false));
    assertThat(command.words().get(2).parts())
        .containsExactly(new Literal("", true), new Variable("x", true));
    Output output = (Output) command.words().get(3).parts().getFirst();
    assertThat(((Simple) output.commands().getFirst()).words()).hasSize(4);
  }

  @Test
  void readsJobsChainsAndLoops() {
    List<Statement> statements =
        parse("a & b && c || d\nfor v in 1 2; do\n  e $v\n  f &\ndone; - g > /dev/null");
    assertThat(statements.get(0)).isInstanceOf(Background.class);
    assertThat(statements.get(1)).isInstanceOf(Chain.class);
    Loop loop = (Loop) statements.get(2);
    assertThat(loop.body()).hasSize(2);
    assertThat(loop.values()).hasSize(2);
    Simple last = (Simple) statements.get(3);
    assertThat(last.mayFail()).isTrue();
    assertThat(last.redirect()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a | b ~ 1 ~ no pipes",
        "echo 'abc ~ 1 ~ closes the quote",
        "echo \"abc ~ 1 ~ closes the quote",
        "echo $(abc ~ 1 ~ closes '$('",
        "a ; ; ; & ~ 1 ~ expected a command",
        "&& a ~ 1 ~ expected a command",
        "a && ~ 1 ~ found the end",
        "a > ~ 1 ~ a file after",
        "a 2> b ~ 1 ~ redirection",
        "a > b > c ~ 1 ~ redirection",
        "for in a; do b; done ~ 1 ~ 'in' after",
        "for x in a; do b ~ 1 ~ 'done' for the 'for' of line 1",
        "done ~ 1 ~ belongs to a for",
        "if a; then b; fi ~ 1 ~ there is only for",
        "a < b ~ 1 ~ found '<'",
        "echo ${x ~ 1 ~ expected a name and '}'",
        "echo `ls` ~ 1 ~ expected $(...)"
      })
  void namesWhatIsWrongAndWhere(String text, int line, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            SyntaxError.class,
            error -> {
              assertThat(error.line()).isEqualTo(line);
              assertThat(error).hasMessageContaining(message).hasMessageContaining("found");
            });
  }

  @Test
  void countsLines() {
    assertThatThrownBy(() -> parse("a\nb\n\nc | d\n"))
        .isInstanceOfSatisfying(SyntaxError.class, error -> assertThat(error.line()).isEqualTo(4));
  }

  @Test
  void neverFailsInAnyOtherWay() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = "ab \t\n;&|<>()'\"\\$`{}#-= for in do done ";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(parse(text.toString())).isNotNull();
      } catch (SyntaxError e) {
        assertThat(e.text()).as("seed %d: %s", seed, text).contains("expected");
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }
}
