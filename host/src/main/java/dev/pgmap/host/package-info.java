/**
 * Hosts plugins: checks their jars, loads and unloads them, and stands between them and the engine.
 *
 * <p>Key types: {@link dev.pgmap.host.PluginHost} is the entry point ({@code insmod}, {@code
 * rmmod}, {@code lsmod}, {@code modinfo}), {@link dev.pgmap.host.ModuleInfo} what it tells. A jar
 * is read and checked as a {@link dev.pgmap.host.PluginJar} before any class of it is loaded;
 * {@link dev.pgmap.host.PluginClassLoader} decides what a plugin sees; {@link
 * dev.pgmap.host.GuardedDriver} is what the engine gets to see of it.
 *
 * <p>Threading: all calls of the plugin framework and of a plugin's entry point run on one thread
 * of the host; drivers are called by whoever binds a device. The host itself is thread-safe.
 */
@NullMarked
package dev.pgmap.host;

import org.jspecify.annotations.NullMarked;
