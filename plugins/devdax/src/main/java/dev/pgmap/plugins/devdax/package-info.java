/** Device-dax: device memory handed out as a character device. */
@NullMarked
package dev.pgmap.plugins.devdax;

import org.jspecify.annotations.NullMarked;
