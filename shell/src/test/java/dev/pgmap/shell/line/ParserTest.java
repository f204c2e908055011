package dev.pgmap.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.shell.line.Statement.Background;
import dev.pgmap.shell.line.Statement.Block;
import dev.pgmap.shell.line.Statement.Chain;
import dev.pgmap.shell.line.Statement.Loop;
import dev.pgmap.shell.line.Statement.Pipeline;
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
  void countsTheLinesInsideOfQuotes() {
    assertThat(parse("a 'x\ny'\nb \"\n\"\nc")).extracting(Statement::line).containsExactly(1, 3, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {"$(echo ~ )", "\"$(echo ~ )\""})
  void substitutionsNestTenDeep(String open, String close) {
    assertThat(parse("echo " + open.repeat(10) + " a" + close.repeat(10))).hasSize(1);
    for (int depth : new int[] {11, 20_000}) {
      assertThatThrownBy(() -> parse("echo " + open.repeat(depth) + " a" + close.repeat(depth)))
          .isInstanceOfSatisfying(
              SyntaxError.class,
              e -> assertThat(e.text()).contains("expected at most 10 inside each other"));
    }
    assertThat(parse("echo" + (" " + open + " a" + close).repeat(20))).hasSize(1);
  }

  @Test
  void chainsAreNotEndless() {
    assertThat(parse("a" + " && a".repeat(99) + "; b || c")).hasSize(2);
    assertThatThrownBy(() -> parse("a" + " || a".repeat(60_000)))
        .isInstanceOfSatisfying(
            SyntaxError.class, e -> assertThat(e.text()).contains("expected at most 100 commands"));
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

  @Test
  void readsPipesAndBlocks() {
    List<Statement> statements = parse("a | b |\n c || d; [ -d /x ] && { e; f\n }; - g | h");
    Chain chain = (Chain) statements.get(0);
    assertThat(((Pipeline) chain.left()).stages()).hasSize(3);
    Block block = (Block) ((Chain) statements.get(1)).right();
    assertThat(block.body()).hasSize(2);
    assertThat(statements.get(2).mayFail()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a | ~ 1 ~ found the end",
        "a | | b ~ 1 ~ expected a command",
        "{ a; ~ 1 ~ '}' for the '{' of line 1",
        "{ } ~ 1 ~ found '{ }'",
        "} ~ 1 ~ belongs to a '{'",
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
        "if a; then b; fi ~ 1 ~ there are only for",
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
    assertThatThrownBy(() -> parse("a\nb\n\nc < d\n"))
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
