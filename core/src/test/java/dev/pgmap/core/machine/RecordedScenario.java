package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.ErrorInjection;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does what the recorded programs did, told by a recording's name. */
final class RecordedScenario {
  private static final Pattern NAME =
      Pattern.compile("S[1456]-(?:devdax-)?(?:(4K|2M|1G)-(mem|dev)-)?(.+?)(?:-[mn](\\d+))?");
  private static final int WRITE = FollFlag.WRITE;
  private static final int PIPE_PAGES = 16;
  private static final long POISONED_OFFSET = 0x3000;

  private final DevdaxMachine machine;
  private final RecordingPageRefs refs;
  private final String what;
  private final int number;
  private final long align;
  private final MapLocation map;
  private final int region;
  private long leakedPfn;

  RecordedScenario(DevdaxMachine machine, RecordingPageRefs refs, String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(name);
    }
    this.machine = machine;
    this.refs = refs;
    this.what = parts.group(3);
    this.number = parts.group(4) == null ? 0 : Integer.parseInt(parts.group(4));
    String alignText = parts.group(1) == null ? "4K" : parts.group(1);
    this.align = alignText.equals("1G") ? GIB : alignText.equals("2M") ? 2 * MIB : 4096;
    this.map = "mem".equals(parts.group(2)) ? MapLocation.MEM : MapLocation.DEV;
    this.region = align == GIB ? 2 : isPoisonedOffRam(name) ? 1 : 0;
  }

  /** In 5.10 all failures but those named so hit pages whose section holds no RAM. */
  private boolean isPoisonedOffRam(String name) {
    return name.startsWith("S5")
        && machine.machine.era().equals(Era.V5_10)
        && !name.contains("mixed-section");
  }

  void run() throws InterruptedException {
    if (what.equals("create-full-refs")) {
      create();
      return;
    }
    create();
    switch (what) {
      case "after", "destroy", "softoff" -> inject(POISONED_OFFSET, Advice.HWPOISON);
      case "unpoison" -> injectUnmapped();
      default -> {}
    }
    refs.sequences().clear();
    switch (what) {
      case "pinfast" -> gupTest(number * MIB, Mapping.PIN_FAST, 512, WRITE);
      case "pin" -> gupTest(align == 4096 ? MIB : 2 * MIB, Mapping.PIN_FAST, number, WRITE);
      case "allcalls" -> allCalls(number * MIB);
      case "dump" -> dump(number * MIB);
      case "fork" -> fork();
      case "pinlt-cycle" -> longtermCycle();
      case "vmsplice-cycle" -> vmspliceCycle();
      case "madv" -> inject(POISONED_OFFSET, Advice.HWPOISON);
      case "madv-mixed-section" -> injectInMixedSection();
      case "softoff" -> inject(0x5000, Advice.SOFT_OFFLINE);
      case "two-procs" -> injectIntoTwoTasks();
      case "inject-unmapped" -> injectUnmapped();
      case "unpoison" -> unpoison();
      case "after" -> machine.map(region, 2 * MIB).touch().task().exit();
      case "destroy" -> destroyPoisoned();
      case "destroy-idle" -> machine.destroy(0);
      case "destroy-mapped" -> destroyMapped();
      case "destroy-held" -> destroyHeld();
      case "destroy-pinlt" -> destroyLongtermPinned();
      default -> throw new IllegalArgumentException("no scenario " + what);
    }
  }

  private void create() {
    machine.create(region, align, map, align == GIB ? 2 * GIB : 0);
  }

  /** One run of gup_test: maps, touches, takes batch by batch, drops all, exits. */
  private void gupTest(long bytes, Mapping.Taker taker, int perCall, int flags) {
    Mapping mapping = machine.map(region, bytes).touch();
    long[] pfns = mapping.takeAll(taker, perCall, flags);
    if (List.of(Mapping.PIN_FAST, Mapping.PIN).contains(taker)) {
      mapping.unpin(pfns);
    } else {
      mapping.put(pfns);
    }
    mapping.task().exit();
  }

  private void allCalls(long bytes) {
    gupTest(bytes, Mapping.PIN_FAST, 64, WRITE);
    gupTest(bytes, Mapping.GET_FAST, 64, WRITE);
    gupTest(bytes, Mapping.PIN, 64, WRITE);
    gupTest(bytes, Mapping.GET, 64, WRITE);
    gupTest(bytes, Mapping.PIN, 64, WRITE | FollFlag.LONGTERM);
  }

  private void dump(long bytes) {
    gupTest(bytes, Mapping.GET, 512, WRITE);
    gupTest(bytes, Mapping.PIN, 512, WRITE);
  }

  private void fork() {
    Mapping mapping = machine.map(region, 2 * MIB).touch();
    Task child = mapping.task().fork();
    child.mm().store(mapping.start(), (byte) 1);
    child.exit();
    mapping.task().exit();
  }

  private long[] pinLongterm(Mapping mapping) {
    return mapping.takeAll(Mapping.PIN, mapping.nrPages(), WRITE | FollFlag.LONGTERM);
  }

  /** Kernels whose gup_test cannot hold pins did nothing here. */
  private void longtermCycle() {
    if (machine.machine.era().gupTest().pinLongtermTest()) {
      Mapping mapping = machine.map(region, align == 4096 ? MIB : 4 * MIB).touch();
      mapping.unpin(pinLongterm(mapping));
      mapping.task().exit();
    }
  }

  private long[] vmsplice(Mapping mapping) {
    long[] pfns = mapping.takeAll(Mapping.GET_FAST, PIPE_PAGES, 0);
    mapping.put(Arrays.copyOfRange(pfns, PIPE_PAGES, 2 * PIPE_PAGES));
    return Arrays.copyOf(pfns, PIPE_PAGES);
  }

  /** 32 pages are taken, and 16 of them dropped again, since the pipe is full. */
  private void vmspliceCycle() {
    Mapping mapping = machine.map(region, 2 * MIB).touch();
    Mapping first32 = new Mapping(mapping.machine(), mapping.task(), mapping.start(), 32L << 12);
    long[] inPipe = vmsplice(first32);
    mapping.unmap();
    mapping.put(inPipe);
  }

  /** One run of {@code zdtool hwpoison} or {@code softoff}. */
  private void inject(long offset, Advice advice) {
    Mapping mapping = machine.map(region, 2 * MIB).touch();
    ErrorInjection injection = machine.machine.errorInjection();
    try {
      injection.madvise(mapping.task(), mapping.start() + offset, PAGE, advice);
    } catch (MmException e) {
      assertThat(e.errno()).isIn(Errno.EIO, Errno.EBUSY);
    }
    long[] offsets = {offset, 0, offset - PAGE, offset + PAGE, mapping.bytes() - PAGE};
    Arrays.stream(offsets).forEach(at -> mapping.task().mm().store(mapping.start() + at, (byte) 1));
    mapping.task().exit();
  }

  private void injectIntoTwoTasks() {
    Mapping holder = machine.map(region, 2 * MIB).touch();
    inject(0x8000, Advice.HWPOISON);
    holder.task().exit();
  }

  private void injectUnmapped() {
    assertErrno(Errno.EBUSY, () -> machine.machine.errorInjection().corruptPfn(unmappedPfn()));
  }

  private void unpoison() {
    ErrorInjection injection = machine.machine.errorInjection();
    if (machine.machine.era().equals(Era.V5_10)) {
      injection.unpoisonPfn(unmappedPfn());
    } else {
      assertErrno(Errno.EIO, () -> injection.unpoisonPfn(unmappedPfn()));
    }
  }

  private long unmappedPfn() {
    return machine.pagemap(region).pfnFirst(0) + (map == MapLocation.DEV ? 0 : 0x200) + 0x405;
  }

  /** The reference that the kernel left behind is put when everything was compared. */
  private void injectInMixedSection() {
    inject(POISONED_OFFSET, Advice.HWPOISON);
    leakedPfn = DATA_PFN + (POISONED_OFFSET >>> 12);
  }

  /** Puts what a kernel leaves behind for good, so that the machine is as idle as before. */
  void putWhatLeaked() {
    if (leakedPfn != 0) {
      machine.machine.gup().putPage(leakedPfn);
    }
  }

  private void destroyPoisoned() {
    assertThat(Invariants.checkIdle(machine.machine)).as("before teardown").isEmpty();
    machine.destroy(region);
  }

  private void destroyMapped() {
    Mapping mapping = machine.map(region, 4 * MIB).touch();
    machine.destroy(0);
    assertThatThrownBy(() -> mapping.task().mm().load(mapping.start())).hasMessageContaining("BUS");
    mapping.task().exit();
  }

  private void destroyHeld() throws InterruptedException {
    Mapping mapping = machine.map(region, 2 * MIB).touch();
    Mapping first32 = new Mapping(mapping.machine(), mapping.task(), mapping.start(), 32L << 12);
    long[] inPipe = vmsplice(first32);
    mapping.unmap();
    Crew destroyer = new Crew().add(() -> machine.destroy(0)).start();
    if (machine.machine.era().equals(Era.V5_10)) {
      Crew.settle();
      assertThat(destroyer.endsWithin(1)).as("teardown is over while pages are held").isFalse();
      mapping.put(inPipe);
      destroyer.join();
    } else {
      destroyer.join();
      machine.expectWarnings();
      assertThatThrownBy(() -> mapping.put(inPipe)).isInstanceOf(NoStructPage.class);
      assertThat(machine.warnings()).singleElement().asString().contains("put by kernel");
    }
  }

  private void destroyLongtermPinned() {
    Mapping mapping = machine.map(region, 2 * MIB).touch();
    long[] pfns = pinLongterm(mapping);
    machine.destroy(0);
    machine.expectWarnings();
    machine.expectLostPins(pfns.length);
    assertThatThrownBy(() -> mapping.unpin(pfns)).isInstanceOf(NoStructPage.class);
    assertThat(machine.warnings()).singleElement().asString().contains("unpin by kernel");
  }
}
