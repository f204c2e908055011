package dev.pgmap.trace.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HexLiteralsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "pfn = 0x70200#pfn = 459264",
        "pfn IN (0X1,0xff)#pfn IN (1,255)",
        "0xffffffffffffffff#18446744073709551615",
        "comm = '0x10' AND \"0x10\" = 0x10#comm = '0x10' AND \"0x10\" = 16",
        "'it''s 0x1' -- 0x1#'it''s 0x1' -- 0x1",
        "/* 0x1 */ 0x2#/* 0x1 */ 2",
        "a0x10, 0x10g, 0xfffffffffffffffff#a0x10, 0x10g, 0xfffffffffffffffff",
        "'$1 \\' || 0x3#'$1 \\' || 3",
      })
  void hexadecimalNumbersBecomeDecimal(String sql, String expected) {
    assertThat(HexLiterals.toDecimal(sql)).isEqualTo(expected);
  }
}
