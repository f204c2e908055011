/**
 * Struct pages for people: the {@code page} command and {@code dump_page}.
 *
 * <p>Key types: {@code PageView} is what a page says at one moment, {@link
 * dev.pgmap.shell.page.PageDump} is the kernel's own form of it. {@link
 * dev.pgmap.shell.page.PagemapCommand} shows what the addresses of a task are mapped to.
 *
 * <p>Threading: a view is read inside a read section of RCU and immutable after that.
 */
@NullMarked
package dev.pgmap.shell.page;

import org.jspecify.annotations.NullMarked;
