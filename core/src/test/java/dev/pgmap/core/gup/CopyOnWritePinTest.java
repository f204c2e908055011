package dev.pgmap.core.gup;

import static dev.pgmap.core.gup.FollFlag.WRITE;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Mapping.GET_FAST;
import static dev.pgmap.core.testing.Mapping.PIN;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins, forks and copy on write of anonymous memory. */
class CopyOnWritePinTest extends DevdaxTest {
  private static long pfnAt(Task task, long address) {
    return Pte.pfn(task.mm().tables().find(address).entry());
  }

  private static Mapping written(DevdaxMachine m) {
    Mapping mapping = m.mapAnonymous(m.machine.newTask("test"), 2 * PAGE, true);
    mapping.task().mm().store(mapping.start(), (byte) 1);
    return mapping;
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "5.17", "5.18", "6.1", "6.12", "6.15", "6.17", "7.0", "7.2"})
  void aForkCopiesAPinnedPageForTheChildAndTheParentKeepsIt(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task parent = mapping.task();
    long[] pins = mapping.take(PIN_FAST, 0, 1, WRITE);

    Task child = parent.fork();
    parent.mm().store(mapping.start(), (byte) 2);

    assertThat(pfnAt(parent, mapping.start())).as("what the device sees").isEqualTo(pins[0]);
    assertThat(pfnAt(child, mapping.start())).isNotEqualTo(pins[0]);
    assertThat(child.mm().load(mapping.start())).isEqualTo((byte) 1);
    mapping.unpin(pins);
    child.exit();
    parent.exit();
  }

  @Test
  void beforeFivePointNineAForkPartsTheParentFromItsPinnedPage() {
    DevdaxMachine m = boot("5.4");
    Mapping mapping = written(m);
    Task parent = mapping.task();
    long[] pins = mapping.take(PIN_FAST, 0, 1, WRITE);

    Task child = parent.fork();
    parent.mm().store(mapping.start(), (byte) 2);

    assertThat(pfnAt(child, mapping.start())).isEqualTo(pins[0]);
    assertThat(pfnAt(parent, mapping.start())).as("no longer the pin's").isNotEqualTo(pins[0]);
    mapping.unpin(pins);
    child.exit();
    parent.exit();
  }

  @EachEra
  void aForkSharesPagesThatNobodyPins(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task parent = mapping.task();
    long pfn = pfnAt(parent, mapping.start());

    Task child = parent.fork();

    assertThat(pfnAt(child, mapping.start())).isEqualTo(pfn);
    assertThat(m.count(pfn)).isEqualTo(2);
    child.exit();
    parent.mm().store(mapping.start(), (byte) 3);
    assertThat(pfnAt(parent, mapping.start())).as("the only one left").isEqualTo(pfn);
    parent.exit();
  }

  @EachEra
  void aWritePinOfASharedPageGetsACopyOfItsOwn(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task child = mapping.task().fork();

    long[] pins = mapping.take(PIN_FAST, 0, 1, WRITE);

    assertThat(pins[0]).isNotEqualTo(pfnAt(child, mapping.start()));
    assertThat(pins[0]).isEqualTo(pfnAt(mapping.task(), mapping.start()));
    mapping.unpin(pins);
    child.exit();
    mapping.task().exit();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "6.15", "6.17", "7.0", "7.2"})
  void aReadPinOfASharedPageUnsharesItFirst(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task child = mapping.task().fork();

    long[] pins = mapping.take(PIN_FAST, 0, 1, 0);

    long entry = mapping.task().mm().tables().find(mapping.start()).entry();
    assertThat(pins[0]).isNotEqualTo(pfnAt(child, mapping.start()));
    assertThat(Pte.pfn(entry)).isEqualTo(pins[0]);
    assertThat(Pte.isWritable(entry)).as("nobody wrote").isFalse();
    assertThat(m.machine.structPages().testFlag(m.head(pins[0]), PageFlag.ANON_EXCLUSIVE)).isTrue();
    mapping.task().mm().store(mapping.start(), (byte) 9);
    assertThat(pfnAt(mapping.task(), mapping.start())).isEqualTo(pins[0]);
    mapping.unpin(pins);
    child.exit();
    mapping.task().exit();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.4", "5.10", "5.17", "5.18"})
  void beforeThatAReadPinSharesThePageAndTheNextWritePartsFromIt(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task child = mapping.task().fork();

    long[] pins = mapping.take(PIN_FAST, 0, 1, 0);
    mapping.task().mm().store(mapping.start(), (byte) 9);

    assertThat(pins[0]).isEqualTo(pfnAt(child, mapping.start()));
    assertThat(pfnAt(mapping.task(), mapping.start())).isNotEqualTo(pins[0]);
    mapping.unpin(pins);
    child.exit();
    mapping.task().exit();
  }

  @EachEra
  void aGetDoesNotUnshare(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = written(m);
    Task child = mapping.task().fork();
    long[] gets = mapping.take(GET_FAST, 0, 1, 0);
    assertThat(gets[0]).isEqualTo(pfnAt(child, mapping.start()));
    mapping.put(gets);
    child.exit();
    mapping.task().exit();
  }

  @EachEra
  void aReadFaultMapsTheZeroPageWhichAPinHoldsOnlyInOldKernels(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = m.mapAnonymous(m.machine.newTask("test"), 2 * PAGE, true);
    assertThat(mapping.task().mm().load(mapping.start())).isZero();
    long zero = m.machine.mmContext().ordinary().zeroPfn();
    assertThat(pfnAt(mapping.task(), mapping.start())).isEqualTo(zero);

    long[] pins = mapping.take(PIN, 0, 2, 0);

    int perPin = era.equals("5.4") ? 1 : era.startsWith("5.") ? 1024 : 0;
    assertThat(pins).containsExactly(zero, zero);
    assertThat(m.count(zero)).isEqualTo(1 + 2 * perPin);
    mapping.unpin(pins);
    assertThat(m.count(zero)).isEqualTo(1);
    mapping.task().mm().store(mapping.start(), (byte) 1);
    assertThat(pfnAt(mapping.task(), mapping.start())).isNotEqualTo(zero);
    mapping.task().exit();
  }
}
