/**
 * Persistent memory: regions, the namespaces in them, and the info blocks that describe these on
 * the medium.
 *
 * <p>Key types: {@link dev.pgmap.core.nvdimm.NvdimmBus} is the entry point, {@link
 * dev.pgmap.core.nvdimm.Region} and {@link dev.pgmap.core.nvdimm.Namespace} are what it manages,
 * {@link dev.pgmap.core.nvdimm.PfnSetup} holds the arithmetic of {@code nd_pfn} and {@link
 * dev.pgmap.core.nvdimm.InfoBlock} the bytes of {@code nd_pfn_sb}. What drives a namespace once it
 * is enabled is a {@link dev.pgmap.core.nvdimm.NamespaceDriver} of a higher floor.
 *
 * <p>Threading: one short lock guards the tables; a namespace that changes is claimed by its state,
 * so that nothing else waits while a teardown does.
 */
@NullMarked
package dev.pgmap.core.nvdimm;

import org.jspecify.annotations.NullMarked;
