package dev.pgmap.shell.command;

import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.CommandException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads option values such as {@code 2M}. */
public final class SizeConverter implements ITypeConverter<Long> {
  @Override
  public Long convert(String value) {
    try {
      return Sizes.parse("size", value);
    } catch (CommandException e) {
      throw new TypeConversionException(e.text());
    }
  }
}
