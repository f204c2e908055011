/** The console a person types into, and the command line. */
@NullMarked
package dev.pgmap.shell;

import org.jspecify.annotations.NullMarked;
