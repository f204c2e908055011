package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as the launcher starts it: options, scripts, machine files, exit codes. */
class ProgramTest {
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  private int run(String... args) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    TerminalInfo terminal =
        new TerminalInfo(false, false, ShellFixture.PLUGINS, directory.resolve("history"));
    int status =
        new Program(new PrintWriter(outText), new PrintWriter(errText), terminal).run(args);
    out = outText.toString();
    err = errText.toString();
    return status;
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  @Test
  void helpAndVersion() {
    assertThat(run("--help")).isZero();
    assertThat(out).contains("--machine", "--era", "Exit codes: 0 ok");
    assertThat(run("--version")).isZero();
    assertThat(out).startsWith("pgmap ");
    assertThat(run()).isEqualTo(Exit.USAGE);
    assertThat(err).contains("Usage: pgmap");
  }

  @Test
  void runsOneCommand() {
    assertThat(run("--era", "6.1", "--policy", "hold=transitions", "era")).isZero();
    assertThat(run("--policy", "hold=never", "era")).isEqualTo(Exit.USAGE);
    assertThat(run("--era", "5.17", "era")).isZero();
    assertThat(out).startsWith("* 5.17");
    assertThat(run("--json", "era")).isZero();
    assertThat(out).contains("\"era\":\"7.2\"");
    assertThat(run("sh", "-c", "echo a; echo b")).isZero();
    assertThat(out).isEqualTo("a\nb\n");
    assertThat(run("cat", "/none")).isEqualTo(Exit.FAILED);
    assertThat(run("echo", "two words", "*")).isZero();
    assertThat(out).isEqualTo("two words *\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--bogus, Unknown option",
    "bogus, no such command 'bogus'",
    "gup_tst, did you mean 'gup_test'",
    "run, expected a script",
    "--era=6.3 era, 5.10"
  })
  void refusesWrongUsage(String line, String message) {
    assertThat(run(line.split(" "))).isEqualTo(Exit.USAGE);
    assertThat(err).startsWith("pgmap: ").contains(message).hasLineCount(1);
    assertThat(out).isEmpty();
  }

  @Test
  void runsAScriptOnOneMachine() throws IOException {
    String script =
        file(
            "good.pgmap",
            """
            # a comment
            ndctl create-namespace -m devdax -s 1G > /dev/null
            gup_test -S -f /dev/dax0.0 -m 4 -a -n 512
            - cat /none
            expect EBUSY ndctl destroy-namespace namespace0.0
            for n in 1 2; do
              echo $n
            done
            ndctl destroy-namespace -f namespace0.0
            check --idle
            """);
    assertThat(run("run", script)).isZero();
    assertThat(out).contains("PIN_FAST_BENCHMARK", "1\n2\n", "all invariants hold");
  }

  @Test
  void endsAScriptWithTheCodeItAsksFor() throws IOException {
    assertThat(run("run", file("exit", "for n in 1 2; do echo $n; exit 9; done\necho b\n")))
        .isEqualTo(9);
    assertThat(out).isEqualTo("1\n");
    assertThat(err).isEmpty();
  }

  @Test
  void passesArgumentsToAScript() throws IOException {
    String script =
        file(
            "args",
            "echo $1-$2 $# $3 end\nfor a in $@; do echo $a; done\nfor a in \"x$@y\"; do"
                + " echo $a; done\necho $(echo $1) & wait\n");
    assertThat(run("run", script, "--large", "a  b")).isZero();
    assertThat(out).isEqualTo("--large-a b 2 end\n--large\na\nb\nx--large\na by\n--large\n");
    assertThat(run("run", script)).isZero();
    assertThat(out).isEqualTo("- 0 end\nxy\n\n");
  }

  @Test
  void stopsAtTheFirstFailure() throws IOException {
    String script = file("bad.pgmap", "echo a\n\ncat /none\necho b\n");
    assertThat(run("run", script)).isEqualTo(Exit.FAILED);
    assertThat(out).isEqualTo("a\n");
    assertThat(err).contains("cat: /none", script + ":3: 'cat /none' failed with exit code 1");
  }

  @Test
  void refusesAScriptThatCannotBeRead() throws IOException {
    assertThat(run("run", "/no/such/file")).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("/no/such/file", "no such file").hasLineCount(1);
    assertThat(run("run", directory.toString())).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("a directory").hasLineCount(1);
    assertThat(run("run", file("empty", ""))).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("no command in it").hasLineCount(1);
    assertThat(run("run", file("comments", "# a\n\n  # b\n"))).isEqualTo(Exit.BAD_FILE);
  }

  @Test
  void runsNothingOfAScriptWithASyntaxError() throws IOException {
    String script = file("syntax", "echo a\nfor x in 1; do\n  echo 'b\ndone\n");
    assertThat(run("run", script)).isEqualTo(Exit.BAD_FILE);
    assertThat(out).isEmpty();
    assertThat(err).startsWith(script + ":3: found the end, expected").hasLineCount(1);
  }

  @Test
  void refusesBinaryAndGiganticScripts() throws IOException {
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    Path binary = Files.write(directory.resolve("binary"), garbage);
    assertThat(run("run", binary.toString())).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("expected text").hasLineCount(1);
    Path latin =
        Files.write(directory.resolve("latin"), "echo é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(run("run", latin.toString())).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("no UTF-8").hasLineCount(1);
    assertThat(run("run", file("long", "echo a\necho " + "x".repeat(10 << 20))))
        .isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains(":2: found a line of 10485765 characters").hasLineCount(1);
    assertThat(run("run", file("huge", "#\n".repeat(9 << 20)))).isEqualTo(Exit.BAD_FILE);
    assertThat(err).contains("expected at most").hasLineCount(1);
    assertThat(out).isEmpty();
  }

  @Test
  void jobsEndWithTheScript() throws IOException {
    String script =
        file(
            "jobs",
            """
            ndctl create-namespace -m devdax -s 1G > /dev/null
            zdtool hold-pinlt /dev/dax0.0 2M 100 &
            sleep 0.3
            """);
    assertThat(run("run", script)).isZero();
    assertThat(out).contains("START=0  holding", "STOP=0");
  }

  @Test
  void bootsTheMachineOfAFile() throws IOException {
    try (RandomAccessFile device = new RandomAccessFile(directory + "/pmem.img", "rw")) {
      device.setLength(64 << 20);
    }
    String machine =
        file(
            "machine.json",
            """
            {"cpus": 3, "ram": "1G", "levels": 5, "era": "6.1",
             "pmem": [{"start": "4G", "size": "64M", "file": "pmem.img"}],
             "dax": [{"start": "8G", "size": 268435456, "align": "4K"}]}
            """);
    assertThat(run("--machine", machine, "machine")).isZero();
    assertThat(out).contains("cpus    3, page tables of 5 levels", "era     6.1", "pmem.img");
    assertThat(run("--machine", machine, "ndctl", "create-namespace", "-m", "devdax")).isZero();
    assertThat(run("--machine", machine, "--era", "7.2", "ndctl", "list")).isZero();
    assertThat(out).contains("namespace0.0");
    assertThat(run("--machine", machine, "machine", "--json")).isZero();
    assertThat(run("--machine", file("copy.json", out), "ndctl", "list")).isZero();
    assertThat(out).contains("namespace0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{; JSON",
        "[]; expected an object",
        "`{\n\"cpus\": 1,}`; line 2",
        "{\"cpu\": 1}; 'cpu': found an unknown key, expected one of [cpus",
        "{\"cpus\": \"2\"}; cpus: found \"2\", expected a whole number",
        "{\"cpus\": 0}; machine: cpus: 0, expected 1 to 1024",
        "{\"cpus\": 1, \"cpus\": 2}; Duplicate",
        "{\"ram\": \"12Q\"}; ram: found '12Q'",
        "{\"ram\": -1}; ram: found -1",
        "{\"ram\": 4096}; at least 2M",
        "{\"ram\": [{\"start\": 0}]}; ram[0].size: found nothing",
        "{\"pmem\": {}}; pmem: found {}, expected a list",
        "{\"pmem\": [7]}; pmem[0]: found 7, expected an object",
        "{\"pmem\": [{\"start\": \"16G\", \"size\": \"1G\", \"fil\": 1}]}; pmem[0].fil: found an"
            + " unknown key",
        "{\"pmem\": [{\"start\": \"16G\", \"size\": \"1G\", \"file\": 1}]}; pmem[0].file: found 1",
        "{\"pmem\": [{\"start\": \"1G\", \"size\": \"1G\"}]}; overlaps",
        "{\"pmem\": [{\"start\": \"16G\", \"size\": 0}]}; pmem[0].size: found 0",
        "{\"dax\": [{\"start\": \"300G\", \"size\": \"1G\", \"align\": true}]}; dax[0].align: found"
            + " true",
        "{\"levels\": 3}; levels: 3, expected 4 or 5",
        "{\"era\": \"9.9\"}; era: '9.9'",
        "{\"era\": 7.2}; era: found 7.2",
        "{\"pmem\": [{\"start\": \"16G\", \"size\": \"1G\", \"file\": \"/no/dir/x\"}]}; /no/dir/x"
      })
  void namesTheKeyOfABadMachineFile(String json, String message) throws IOException {
    String machine = file("bad.json", json);
    assertThat(run("--machine", machine, "era")).isEqualTo(Exit.BAD_FILE);
    assertThat(err).startsWith("pgmap: ").contains(message).hasLineCount(1);
    assertThat(out).isEmpty();
  }
}
