package dev.pgmap.shell;

import dev.pgmap.shell.builtin.Builtins;
import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.conformance.ConformanceCommand;
import dev.pgmap.shell.daxctl.Daxctl;
import dev.pgmap.shell.experiment.Experiment;
import dev.pgmap.shell.files.Cat;
import dev.pgmap.shell.files.Cut;
import dev.pgmap.shell.files.Dmesg;
import dev.pgmap.shell.files.Grep;
import dev.pgmap.shell.files.Head;
import dev.pgmap.shell.files.Ls;
import dev.pgmap.shell.files.Tail;
import dev.pgmap.shell.files.WordCount;
import dev.pgmap.shell.fs.CheckFilesystem;
import dev.pgmap.shell.fs.Copy;
import dev.pgmap.shell.fs.DiskFree;
import dev.pgmap.shell.fs.Fallocate;
import dev.pgmap.shell.fs.FileFragments;
import dev.pgmap.shell.fs.Link;
import dev.pgmap.shell.fs.MakeDirectory;
import dev.pgmap.shell.fs.MakeFilesystem;
import dev.pgmap.shell.fs.MountCommand;
import dev.pgmap.shell.fs.Move;
import dev.pgmap.shell.fs.Remove;
import dev.pgmap.shell.fs.RemoveDirectory;
import dev.pgmap.shell.fs.Stat;
import dev.pgmap.shell.fs.SyncCommand;
import dev.pgmap.shell.fs.Truncate;
import dev.pgmap.shell.fs.Umount;
import dev.pgmap.shell.guptest.GupTest;
import dev.pgmap.shell.hmmtests.HmmTests;
import dev.pgmap.shell.machine.Check;
import dev.pgmap.shell.machine.EraCommand;
import dev.pgmap.shell.machine.FailCommand;
import dev.pgmap.shell.machine.GeometryCommand;
import dev.pgmap.shell.machine.MachineCommand;
import dev.pgmap.shell.machine.PolicyCommand;
import dev.pgmap.shell.machine.Ps;
import dev.pgmap.shell.module.Insmod;
import dev.pgmap.shell.module.Lsmod;
import dev.pgmap.shell.module.Modinfo;
import dev.pgmap.shell.module.Modprobe;
import dev.pgmap.shell.module.Rmmod;
import dev.pgmap.shell.ndctl.Ndctl;
import dev.pgmap.shell.ndctltests.NdctlHelper;
import dev.pgmap.shell.ndctltests.NdctlTestsCommand;
import dev.pgmap.shell.p2pdma.P2pdma;
import dev.pgmap.shell.page.PageCommand;
import dev.pgmap.shell.page.PagemapCommand;
import dev.pgmap.shell.trace.Trace;
import dev.pgmap.shell.tracecmd.TraceCmd;
import dev.pgmap.shell.vmtests.RunVmtests;
import dev.pgmap.shell.zdtool.Zdtool;

/** All commands of the console. */
final class Commands {
  private static final String DEVICES = "Devices";
  private static final String PAGES = "Pages";
  private static final String MODULES = "Plugins";
  private static final String FILES = "Files";
  private static final String FILESYSTEMS = "File systems";
  private static final String MACHINE = "Machine";
  private static final String RECORDINGS = "Recordings";

  private Commands() {}

  static Registry all() {
    Registry registry =
        new Registry()
            .addTree(DEVICES, "ndctl", Ndctl::of)
            .addTree(DEVICES, "daxctl", Daxctl::of)
            .addTree(DEVICES, "p2pdma", P2pdma::of)
            .add(PAGES, "gup_test", GupTest::new)
            .add(PAGES, "run_vmtests", RunVmtests::new)
            .addTree(PAGES, "zdtool", Zdtool::of)
            .add(PAGES, "page", PageCommand::new)
            .add(PAGES, "pagemap", PagemapCommand::new)
            .add(PAGES, "hmm-tests", HmmTests::new)
            .add(MODULES, "lsmod", Lsmod::new)
            .add(MODULES, "modinfo", Modinfo::new)
            .add(MODULES, "insmod", Insmod::new)
            .add(MODULES, "rmmod", Rmmod::new)
            .add(MODULES, "modprobe", Modprobe::new)
            .add(FILES, "cat", Cat::new)
            .add(FILES, "ls", Ls::new)
            .add(FILES, "cut", Cut::new)
            .add(FILES, "grep", Grep::new)
            .add(FILES, "head", Head::new)
            .add(FILES, "tail", Tail::new)
            .add(FILES, "wc", WordCount::new)
            .add(FILES, "dmesg", Dmesg::new)
            .add(FILESYSTEMS, "mkfs.dax", console -> new MakeFilesystem(console, "dax"))
            .add(FILESYSTEMS, "mkfs.ext4", console -> new MakeFilesystem(console, "ext4"))
            .add(FILESYSTEMS, "mkfs.xfs", console -> new MakeFilesystem(console, "xfs"))
            .add(FILESYSTEMS, "fsck.dax", CheckFilesystem::new)
            .add(FILESYSTEMS, "mount", MountCommand::new)
            .add(FILESYSTEMS, "umount", Umount::new)
            .add(FILESYSTEMS, "mkdir", MakeDirectory::new)
            .add(FILESYSTEMS, "rmdir", RemoveDirectory::new)
            .add(FILESYSTEMS, "rm", Remove::new)
            .add(FILESYSTEMS, "mv", Move::new)
            .add(FILESYSTEMS, "cp", Copy::new)
            .add(FILESYSTEMS, "ln", Link::new)
            .add(FILESYSTEMS, "truncate", Truncate::new)
            .add(FILESYSTEMS, "fallocate", Fallocate::new)
            .add(FILESYSTEMS, "sync", SyncCommand::new)
            .add(FILESYSTEMS, "df", DiskFree::new)
            .add(FILESYSTEMS, "stat", Stat::new)
            .add(FILESYSTEMS, "filefrag", FileFragments::new)
            .add(MACHINE, "machine", MachineCommand::new)
            .add(MACHINE, "era", EraCommand::new)
            .add(MACHINE, "policy", PolicyCommand::new)
            .add(MACHINE, "geometry", GeometryCommand::new)
            .add(MACHINE, "check", Check::new)
            .add(MACHINE, "fail", FailCommand::new)
            .add(MACHINE, "ps", Ps::new)
            .add(MACHINE, "experiment", Experiment::new)
            .add(MACHINE, "ndctl-tests", NdctlTestsCommand::new)
            .addTree(MACHINE, "ndctl-helper", NdctlHelper::of);
    registry
        .addOffline(RECORDINGS, "trace", Trace::of)
        .addOffline(RECORDINGS, "conformance", ConformanceCommand::of)
        .addTree(RECORDINGS, "trace-cmd", TraceCmd::of);
    Builtins.addTo(registry);
    return registry;
  }
}
