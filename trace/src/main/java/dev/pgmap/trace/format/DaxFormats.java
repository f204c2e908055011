package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The fs_dax events: faults, holes and write-back of file-system DAX. */
final class DaxFormats {
  /**
   * How inode numbers and vm_flags are declared and printed.
   *
   * @param number the type of an inode number
   * @param conversion by which it is printed
   * @param vmFlags the type of vm_flags
   */
  record Inode(String number, String conversion, String vmFlags) {}

  static final Inode INO_LONG = new Inode("unsigned long", "%#lx", "unsigned long");
  static final Inode INO_U64 = new Inode("u64", "%#llx", "vm_flags_t");

  private static final String DEV =
      "((unsigned int) ((REC->dev) >> 20)), ((unsigned int) ((REC->dev) & ((1U << 20) - 1)))";
  private static final String SHARED = "REC->vm_flags & 0x00000008 ? \"shared\" : \"private\"";
  private static final String WRITE = "REC->write ? \"write\" : \"read\"";
  private static final String PFN_FLAGS = "(((u64) (~(~(((1UL) << 12)-1)))) << (64 - 12))";

  private final KernelSeries.FormatTraits traits;

  private DaxFormats(KernelSeries series) {
    traits = series.traits();
  }

  static List<FormatSpec> of(KernelSeries series) {
    return new DaxFormats(series).all();
  }

  private List<FormatSpec> all() {
    List<FormatSpec> all = new ArrayList<>();
    all.add(pmdFault("dax_pmd_fault"));
    all.add(pmdFault("dax_pmd_fault_done"));
    all.add(pmdLoadHole("dax_pmd_load_hole"));
    all.add(pmdLoadHole("dax_pmd_load_hole_fallback"));
    if (traits.insertMapping()) {
      all.add(pmdInsertMapping());
      all.add(insertMapping());
    }
    all.add(pteFault("dax_pte_fault"));
    all.add(pteFault("dax_pte_fault_done"));
    all.add(pteFault("dax_load_hole"));
    all.add(pteFault("dax_insert_pfn_mkwrite_no_entry"));
    all.add(pteFault("dax_insert_pfn_mkwrite"));
    all.add(writebackRange("dax_writeback_range"));
    all.add(writebackRange("dax_writeback_range_done"));
    all.add(writebackOne());
    return all;
  }

  private FormatSpec pmdFault(String name) {
    return spec(
        name,
        List.of(
            "unsigned long vm_start",
            "unsigned long vm_end",
            vmFlags(),
            "unsigned long address",
            "unsigned long pgoff",
            "unsigned long max_pgoff",
            "dev_t dev",
            "unsigned int flags",
            "int result"),
        "%s %s address %#lx vm_start %#lx vm_end %#lx pgoff %#lx max_pgoff %#lx %s",
        SHARED
            + ", "
            + flags()
            + ", REC->address, REC->vm_start, REC->vm_end, REC->pgoff, REC->max_pgoff, "
            + result());
  }

  private FormatSpec pteFault(String name) {
    return spec(
        name,
        List.of(
            vmFlags(),
            "unsigned long address",
            "unsigned long pgoff",
            "dev_t dev",
            "unsigned int flags",
            "int result"),
        "%s %s address %#lx pgoff %#lx %s",
        SHARED + ", " + flags() + ", REC->address, REC->pgoff, " + result());
  }

  private FormatSpec pmdLoadHole(String name) {
    String zeroPage = traits.zeroPage();
    String field = zeroPage.substring(zeroPage.lastIndexOf(' ') + 1);
    return spec(
        name,
        List.of(vmFlags(), "unsigned long address", zeroPage, "void * radix_entry", "dev_t dev"),
        "%s address %#lx " + field + " %p radix_entry %#lx",
        SHARED + ", REC->address, REC->" + field + ", (unsigned long)REC->radix_entry");
  }

  private FormatSpec pmdInsertMapping() {
    return spec(
        "dax_pmd_insert_mapping",
        List.of(
            vmFlags(),
            "unsigned long address",
            "long length",
            "u64 pfn_val",
            "void * radix_entry",
            "dev_t dev",
            "int write"),
        "%s %s address %#lx length %#lx pfn %#llx %s radix_entry %#lx",
        SHARED
            + ", "
            + WRITE
            + ", REC->address, REC->length, REC->pfn_val & ~"
            + PFN_FLAGS
            + ", __print_flags(REC->pfn_val & "
            + PFN_FLAGS
            + ", \"|\", { (1ULL << (64 - 5)), \"SPECIAL\" }, { (1ULL << (64 - 1)), \"SG_CHAIN\" },"
            + " { (1ULL << (64 - 2)), \"SG_LAST\" }, { (1ULL << (64 - 3)), \"DEV\" },"
            + " { (1ULL << (64 - 4)), \"MAP\" }), (unsigned long)REC->radix_entry");
  }

  private FormatSpec insertMapping() {
    return spec(
        "dax_insert_mapping",
        List.of(vmFlags(), "unsigned long address", "void * radix_entry", "dev_t dev", "int write"),
        "%s %s address %#lx radix_entry %#lx",
        SHARED + ", " + WRITE + ", REC->address, (unsigned long)REC->radix_entry");
  }

  private FormatSpec writebackRange(String name) {
    return spec(
        name,
        List.of("unsigned long start_index", "unsigned long end_index", "dev_t dev"),
        "pgoff %#lx-%#lx",
        "REC->start_index, REC->end_index");
  }

  private FormatSpec writebackOne() {
    return spec(
        "dax_writeback_one",
        List.of("unsigned long pgoff", "unsigned long pglen", "dev_t dev"),
        "pgoff %#lx pglen %#lx",
        "REC->pgoff, REC->pglen");
  }

  /** All begin with the inode's number, and their text with the device and the inode. */
  private FormatSpec spec(String name, List<String> fields, String text, String arguments) {
    List<String> declarations = new ArrayList<>();
    declarations.add(traits.inode().number() + " ino");
    declarations.addAll(fields);
    String printFmt =
        "\"dev %d:%d ino "
            + traits.inode().conversion()
            + " "
            + text
            + "\", "
            + DEV
            + ", REC->ino, "
            + arguments;
    return new FormatSpec("fs_dax", name, declarations, printFmt);
  }

  private String vmFlags() {
    return traits.inode().vmFlags() + " vm_flags";
  }

  private String flags() {
    return bits("REC->flags", traits.faultFlags(), "0x%02x");
  }

  private String result() {
    return bits("REC->result", traits.faultResults(), "0x%x");
  }

  private static String bits(String value, List<FaultNames.Named> names, String number) {
    return names.stream()
        .map(named -> "{ %s, \"%s\" }".formatted(number.formatted(1 << named.bit()), named.name()))
        .collect(Collectors.joining(", ", "__print_flags(" + value + ", \"|\", ", ")"));
  }
}
