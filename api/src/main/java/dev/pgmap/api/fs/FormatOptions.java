package dev.pgmap.api.fs;

import java.util.UUID;

/**
 * What {@code mkfs} asks for.
 *
 * @param flavour the type's own name, or one of {@link DaxFilesystemType#flavours}
 * @param label a name of up to 16 bytes; empty for none
 * @param uuid of the new file system
 * @param reflink whether files may share blocks
 * @param reverseMap whether it tells which file a failed page belongs to; without, memory failure
 *     takes the generic way
 */
public record FormatOptions(
    String flavour, String label, UUID uuid, boolean reflink, boolean reverseMap) {}
