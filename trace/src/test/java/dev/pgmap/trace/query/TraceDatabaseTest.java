package dev.pgmap.trace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL over a small recording: two tasks take and drop references, one of them keeps one. */
class TraceDatabaseTest {
  private static TraceSource recording() {
    return new SourceBuilder()
        .comm(42, "gup_test")
        .comm(7, "kworker/0:1")
        .event("page_ref_set", 0, 42, 1_000, "pfn", 0x70200, "count", 1, "val", 1)
        .event("page_ref_mod", 0, 42, 2_000, "pfn", 0x70200, "flags", 1 << 16, "val", 1024)
        .stack("try_grab_folio", "gup_fast", "pin_user_pages_fast")
        .event("page_ref_mod", 1, 7, 2_500, "pfn", 0x70201, "count", 2, "val", 1)
        .event("page_ref_mod_and_test", 0, 42, 3_000, "pfn", 0x70200, "val", -1024, "ret", 0)
        .stack("put_page", "gup_test_ioctl")
        .event("page_ref_mod_unless", 1, 7, 3_500, "pfn", 0x70202, "val", 1, "ret", 0)
        .event("page_ref_freeze", 1, 7, 4_000, "pfn", 0x70203, "val", 3, "ret", 1)
        .event(
            "sched_switch", 1, 7, 5_000, "prev_comm", "kworker/0:1", "prev_pid", 7, "next_pid", 42)
        .build();
  }

  private static String ask(TraceSource source, String sql) {
    StringWriter text = new StringWriter();
    try (TraceDatabase database = TraceDatabase.of(source)) {
      database.query(sql, RowFormat.CSV.to(new PrintWriter(text)));
    }
    return text.toString();
  }

  private static String ask(String sql) {
    return ask(recording(), sql);
  }

  @Test
  void everyEventIsARowButStacks() {
    assertThat(ask("SELECT step, ts, cpu, pid, comm, system, name FROM event WHERE step <= 4"))
        .isEqualTo(
            """
            step,ts,cpu,pid,comm,system,name
            1,1000,0,42,gup_test,page_ref,page_ref_set
            2,2000,0,42,gup_test,page_ref,page_ref_mod
            4,2500,1,7,kworker/0:1,page_ref,page_ref_mod
            """);
    assertThat(ask("SELECT count(*) n FROM event")).isEqualTo("n\n7\n");
  }

  @Test
  void textIsWhatTheKernelPrints() {
    assertThat(ask("SELECT text FROM event WHERE name = 'page_ref_mod_and_test'"))
        .contains("pfn=0x70200 flags=none count=0 mapcount=0")
        .contains("val=-1024 ret=0");
  }

  @Test
  void aFieldIsAColumnForWhoNamesIt() {
    assertThat(ask("SELECT step, prev_comm, next_pid FROM event WHERE prev_pid = 7"))
        .isEqualTo("step,prev_comm,next_pid\n9,kworker/0:1,42\n");
    assertThat(ask("SELECT * FROM event LIMIT 1").lines().findFirst().orElseThrow())
        .isEqualTo("step,ts,cpu,pid,comm,system,name,text,stack_id,lost,buffer");
  }

  @Test
  void anEventSystemIsATable() {
    assertThat(ask("SELECT event, prev_pid, next_pid FROM sched"))
        .isEqualTo("event,prev_pid,next_pid\nsched_switch,7,42\n");
  }

  @Test
  void aFieldThatIsCalledLikeAColumnHasAPrefix() {
    TraceSource source =
        new SourceBuilder()
            .format(
                new EventFormat(
                    "sched",
                    "sched_wakeup",
                    2000,
                    EventFormat.commonFields(),
                    List.of(EventField.of("pid_t pid", 8, 4, true)),
                    "\"pid=%d\", REC->pid"))
            .event("sched_wakeup", 0, 1, 10, "pid", 99)
            .build();

    assertThat(ask(source, "SELECT pid, field_pid FROM sched")).isEqualTo("pid,field_pid\n1,99\n");
  }

  @Test
  void refsTellByHowMuchTheCountChanged() {
    assertThat(ask("SELECT step, event, pfn, val, ret, delta FROM ref"))
        .isEqualTo(
            """
            step,event,pfn,val,ret,delta
            1,page_ref_set,459264,1,,
            2,page_ref_mod,459264,1024,,1024
            4,page_ref_mod,459265,1,,1
            5,page_ref_mod_and_test,459264,-1024,0,-1024
            7,page_ref_mod_unless,459266,1,0,0
            8,page_ref_freeze,459267,3,1,-3
            """);
  }

  @Test
  void flagsOfPagesHaveTheirNames() {
    assertThat(ask("SELECT DISTINCT flags FROM ref ORDER BY ALL")).isEqualTo("flags\nhead\nnone\n");
  }

  @Test
  void pagesAreSummedUp() {
    assertThat(ask("SELECT * FROM page WHERE pfn = 0x70200"))
        .isEqualTo(
            """
            pfn,events,first_step,last_step,first_ts,last_ts,tasks,gets,puts,net,outstanding
            459264,3,1,5,1000,3000,1,1,1,0,0
            """);
    assertThat(ask("SELECT pfn, net FROM page WHERE net > 0")).isEqualTo("pfn,net\n459265,1\n");
  }

  @Test
  void whatIsOutstandingHasItsHolderAndStack() {
    TraceSource source =
        new SourceBuilder()
            .comm(42, "gup_test")
            .event("page_ref_set", 0, 1, 500, "pfn", 0x70200, "val", 1)
            .event("page_ref_mod", 0, 42, 1_000, "pfn", 0x70200, "val", 1024)
            .stack("try_grab_folio", "gup_fast")
            .build();

    assertThat(
            ask(
                source,
                "SELECT pfn, kind, holding, amount, o.comm, since, certainty, folded"
                    + " FROM outstanding o JOIN stack ON id = stack_id AND depth = 0"))
        .isEqualTo(
            """
            pfn,kind,holding,amount,comm,since,certainty,folded
            459264,pin,user,1,gup_test,1000,sure,gup_fast;try_grab_folio
            """);
    assertThat(ask(source, "SELECT pfn, outstanding FROM page WHERE outstanding > 0"))
        .isEqualTo("pfn,outstanding\n459264,1024\n");
    assertThat(ask(source, "SELECT count(*) n FROM ref JOIN outstanding USING (stack_id)"))
        .isEqualTo("n\n1\n");
  }

  @Test
  void aRecordingWithoutReferencesHasEmptyTables() {
    TraceSource source = new SourceBuilder().event("sched_switch", 0, 1, 10, "next_pid", 2).build();

    assertThat(ask(source, "SELECT count(*) n FROM page")).isEqualTo("n\n0\n");
    assertThat(ask(source, "SELECT count(*) n FROM outstanding")).isEqualTo("n\n0\n");
  }

  @Test
  void anInterruptEndsAQuery() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ask("SELECT count(*) FROM range(1000000000000) a"))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aStackBelongsToTheEventBeforeItOfItsCpu() {
    assertThat(
            ask(
                "SELECT r.step, s.function, s.folded FROM ref r"
                    + " JOIN stack s ON s.id = r.stack_id AND s.depth = 0 ORDER BY 1"))
        .isEqualTo(
            """
            step,function,folded
            2,try_grab_folio,pin_user_pages_fast;gup_fast;try_grab_folio
            5,put_page,gup_test_ioctl;put_page
            """);
  }

  @Test
  void aStackIsFoundThoughOtherCpusWereFaster() {
    TraceSource source =
        new SourceBuilder()
            .event("page_ref_mod", 0, 1, 1_000, "pfn", 1, "val", 1)
            .event("ftrace:kernel_stack", 0, 1, 1_500, "size", 1, "caller", new long[] {1})
            .event("page_ref_mod", 1, 2, 1_100, "pfn", 2, "val", 1)
            .event("page_ref_mod", 1, 1, 1_200, "pfn", 3, "val", 1)
            .build();

    assertThat(ask(source, "SELECT pfn FROM ref WHERE stack_id IS NOT NULL")).isEqualTo("pfn\n1\n");
  }

  @Test
  void functionsTracedBeforeAreAHintWhereThereIsNoStack() {
    SourceBuilder builder = new SourceBuilder();
    TraceSource source =
        builder
            .event(
                "function",
                0,
                1,
                10,
                "ip",
                builder.function("try_grab_folio"),
                "parent_ip",
                builder.function("gup_fast"))
            .event("page_ref_mod", 0, 1, 20, "pfn", 1, "val", 1)
            .build();

    assertThat(ask(source, "SELECT folded, hint FROM ref JOIN stack ON id = stack_id LIMIT 1"))
        .isEqualTo("folded,hint\ngup_fast;try_grab_folio,true\n");
  }

  @Test
  void fieldsAreListed() {
    assertThat(ask("SELECT name, declaration, type, bytes FROM field WHERE event = 'page_ref_set'"))
        .contains("pfn,unsigned long pfn,BIGINT,8\n", "mapping,void * mapping,UBIGINT,8\n");
  }

  @Test
  void tablesAndColumnsCanBeListed() {
    assertThat(ask("SHOW TABLES")).contains("event\n", "ref\n", "page\n", "stack\n", "sched\n");
    assertThat(ask("SELECT column_name FROM (DESCRIBE ref)")).contains("pfn\n", "delta\n");
  }

  @Test
  void aTableThatIsNamedByATextIsLoadedToo() {
    assertThat(ask("SELECT count(*) n FROM query_table('ref')")).isEqualTo("n\n6\n");
  }

  @Test
  void aTablesNameStandsForAllOfItsColumns() {
    assertThat(ask("SELECT r.pfn, (r).val AS v FROM ref r LIMIT 1")).isEqualTo("pfn,v\n459264,1\n");
    assertThat(ask("SELECT r FROM ref r LIMIT 1")).contains("comm: gup_test");
  }

  @Test
  void oneDatabaseAnswersOneQueryAfterAnother() {
    StringWriter text = new StringWriter();
    try (TraceDatabase database = TraceDatabase.of(recording())) {
      RowSink sink = RowFormat.CSV.to(new PrintWriter(text));
      database.query("SELECT max(pfn) p FROM ref", sink);
      database.query("SELECT max(val) v FROM ref", sink);
    }
    assertThat(text).hasToString("p\n459267\nv\n1024\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE event",
        "CREATE TABLE x AS SELECT 1",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "SET memory_limit = '1TB'",
        "INSTALL httpfs",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/*')",
        "SELECT nothing FROM ref",
        "SELECT * FROM nowhere",
        "SELEC 1",
        "SELECT (",
        "",
        "SELECT pfn::INTEGER / 'x' FROM ref"
      })
  void whatIsNoQueryOfTheRecordingIsOneLine(String sql) {
    assertThatThrownBy(() -> ask(sql))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("expected")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anUnknownColumnIsAnsweredWithThoseThereAre() {
    assertThatThrownBy(() -> ask("SELECT pfm FROM ref"))
        .hasMessageContaining("\"pfm\" not found")
        .hasMessageContaining("DESCRIBE");
  }

  @Test
  void aResultCanBeWrittenAsParquet(@TempDir Path directory) {
    Path file;
    try (TraceDatabase database =
        TraceDatabase.of(recording(), LedgerOptions.standard(), directory.resolve("out"))) {
      file = database.export("SELECT pfn, val FROM ref -- all of them");
      StringWriter text = new StringWriter();
      database.query(
          "SELECT count(*) n, max(pfn) p FROM read_parquet("
              + DuckSession.text(file.toString())
              + ")",
          RowFormat.CSV.to(new PrintWriter(text)));
      assertThat(text).hasToString("n,p\n6,459267\n");
    }
    assertThat(directory.resolve("out")).isDirectoryContaining(file::equals);
  }

  @Test
  void allTablesCanBeWrittenAsParquet(@TempDir Path directory) throws IOException {
    try (TraceDatabase database =
        TraceDatabase.of(recording(), LedgerOptions.standard(), directory)) {
      assertThat(database.exportTables())
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder(
              "event.parquet",
              "ref.parquet",
              "page_ref.parquet",
              "sched.parquet",
              "page.parquet",
              "stack.parquet",
              "field.parquet",
              "outstanding.parquet");
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(8);
    }
  }
}
