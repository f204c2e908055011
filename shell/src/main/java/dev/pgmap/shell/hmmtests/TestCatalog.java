package dev.pgmap.shell.hmmtests;

import dev.pgmap.core.machine.HmmTestTraits;
import dev.pgmap.shell.hmmtests.TestCase.Body;
import java.util.ArrayList;
import java.util.List;

/** The tests that a kernel has, in the order of its test program. */
final class TestCatalog {
  private record Named(String name, Body body) {}

  private TestCatalog() {}

  /** All tests in all variants. */
  static List<TestCase> of(HmmTestTraits traits) {
    List<TestCase> all = new ArrayList<>();
    List<Named> one = oneDevice(traits);
    List<Named> two = twoDevices();
    if (!traits.variants()) {
      add(all, "hmm", "", one, 0);
      add(all, "hmm2", "", two, 0, 1);
      return all;
    }
    add(all, "hmm", "hmm_device_private", one, 0);
    add(all, "hmm", "hmm_device_coherent", one, 2);
    add(all, "hmm2", "hmm2_device_private", two, 0, 1);
    add(all, "hmm2", "hmm2_device_coherent", two, 2, 3);
    return all;
  }

  private static void add(
      List<TestCase> all, String fixture, String variant, List<Named> tests, int... devices) {
    for (Named test : tests) {
      all.add(new TestCase(fixture, variant, test.name, devices, test.body));
    }
  }

  private static List<Named> oneDevice(HmmTestTraits traits) {
    List<Named> tests = new ArrayList<>();
    tests.add(new Named("open_close", self -> {}));
    tests.add(new Named("anon_read", ReadWriteTests::anonRead));
    tests.add(new Named("anon_read_prot", ReadWriteTests::anonReadProt));
    tests.add(new Named("anon_write", ReadWriteTests::anonWrite));
    tests.add(new Named("anon_write_prot", ReadWriteTests::anonWriteProt));
    tests.add(
        new Named(
            "anon_write_child",
            traits.huge() ? ForkTests::anonWriteChildMigrated : ForkTests::anonWriteChild));
    tests.add(new Named("anon_write_child_shared", ForkTests::anonWriteChildShared));
    tests.add(new Named("anon_write_huge", ReadWriteTests::anonWriteHuge));
    tests.add(new Named("anon_write_hugetlbfs", ReadWriteTests::anonWriteHugetlbfs));
    tests.add(new Named("file_read", FileTests::fileRead));
    tests.add(new Named("file_write", FileTests::fileWrite));
    addMigration(tests, traits);
    tests.add(new Named("anon_read_multiple", ReadWriteTests::anonReadMultiple));
    tests.add(new Named("anon_teardown", ReadWriteTests::anonTeardown));
    tests.add(new Named("mixedmap", SnapshotTests::mixedmap));
    tests.add(new Named("compound", SnapshotTests::compound));
    addNewer(tests, traits);
    if (traits.huge()) {
      addHuge(tests);
    }
    return tests;
  }

  private static void addMigration(List<Named> tests, HmmTestTraits traits) {
    tests.add(new Named("migrate", MigrateTests::migrate));
    if (traits.privateFiles()) {
      tests.add(new Named("migrate_file_private", FileTests::migrateFilePrivate));
    }
    tests.add(new Named("migrate_fault", MigrateTests::migrateFault));
    if (traits.newer()) {
      tests.add(new Named("migrate_release", MigrateTests::migrateRelease));
    }
    tests.add(new Named("migrate_shared", MigrateTests::migrateShared));
    tests.add(new Named("migrate_multiple", MigrateTests::migrateMultiple));
  }

  private static void addNewer(List<Named> tests, HmmTestTraits traits) {
    if (traits.exclusive()) {
      tests.add(new Named("exclusive", ExclusiveTests::exclusive));
      tests.add(new Named("exclusive_mprotect", ExclusiveTests::exclusiveMprotect));
      tests.add(new Named("exclusive_cow", ExclusiveTests::exclusiveCow));
    }
    if (traits.newer()) {
      tests.add(new Named("hmm_gup_test", SnapshotTests::gupTest));
      tests.add(new Named("hmm_cow_in_device", ForkTests::cowInDevice));
    }
  }

  private static void addHuge(List<Named> tests) {
    tests.add(new Named("migrate_anon_huge_empty", HugeTests::empty));
    tests.add(new Named("migrate_anon_huge_zero", HugeTests::zero));
    tests.add(new Named("migrate_anon_huge_free", HugeTests::free));
    tests.add(new Named("migrate_anon_huge_fault", HugeTests::fault));
    tests.add(new Named("migrate_partial_unmap_fault", HugeTests::partialUnmapFault));
    tests.add(new Named("migrate_remap_fault", HugeTests::remapFault));
    tests.add(new Named("migrate_anon_huge_err", HugeTests::allocationFails));
    tests.add(new Named("migrate_anon_huge_zero_err", HugeTests::zeroAllocationFails));
    tests.add(new Named("benchmark_thp_migration", Benchmark::run));
  }

  private static List<Named> twoDevices() {
    return List.of(
        new Named("migrate_mixed", MigrateTests::migrateMixed),
        new Named("snapshot", SnapshotTests::snapshot),
        new Named("double_map", SnapshotTests::doubleMap));
  }
}
