/*
 * The peer that pgmap's pins are held against: the walk of gup-fast and of unpin_user_pages over
 * page tables and 64-byte struct pages, with the atomics of a kernel on x86-64 and nothing around
 * them. No interrupts are disabled, no vmstat is kept per page, no flag is set that is set already:
 * where a kernel does more, the peer does not, so that it is never the slow side by accident.
 *
 *   peer --mib N --page 4K|2M|1G --batch B --style 5.10|6.1|7.2 [--repeat R] [--warmup W]
 *        [--vmemmap linear|shared]
 *
 * It pins N MiB in calls of B pages, unpins all of them in one call, and prints the nanoseconds of
 * cpu time that both took, a line per repeat: "time get NS put NS". Lines with # are for people.
 *
 * linear vmemmap: one record per page, as a device whose struct pages are in the device has it.
 * shared vmemmap: the tails of a compound share one vmemmap page, as with struct pages in RAM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

enum { PAGE_SHIFT = 12, ENTRIES = 512, PIN_BIAS = 1024 };
enum { PMD_SHIFT = 21, PUD_SHIFT = 30, PGD_SHIFT = 39 };

#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PRESENT (1UL << 0)
#define RW (1UL << 1)
#define USER (1UL << 2)
#define ACCESSED (1UL << 5)
#define DIRTY (1UL << 6)
#define PSE (1UL << 7)
#define SPECIAL (1UL << 9)
#define DEVMAP (1UL << 58)
#define NX (1UL << 63)
#define FRAME 0x000ffffffffff000UL
#define REFERENCED (1UL << 2)
#define RESERVED (1UL << 13)

/* A struct page at the kernel's offsets; pincount is only used in the second one of a compound. */
struct page {
	uint64_t flags;
	uint64_t compound_head; /* pgmap in a head or base page; head's address | 1 in a tail */
	uint64_t private_data;
	uint32_t mapping_low;
	int32_t pincount;
	uint64_t index;
	uint64_t private_word;
	int32_t mapcount;
	int32_t refcount;
	uint64_t memcg;
};
_Static_assert(sizeof(struct page) == 64, "a struct page has 64 bytes");
_Static_assert(__builtin_offsetof(struct page, pincount) == 28, "offset of pincount");
_Static_assert(__builtin_offsetof(struct page, refcount) == 52, "offset of refcount");

struct pgmap {
	uint64_t first_pfn, end_pfn;
	uint64_t percpu_refs;
};

enum style { S5_10, S6_1, S7_2 };

static const uint64_t FIRST_PFN = 0x400000; /* 16 GiB */
static const uint64_t USER_START = 0x7f0000000000UL;

static struct page *vmemmap; /* indexed by pfn */
static struct pgmap device;
static uint64_t *pgd;
static uint64_t write_protect_seq, has_pinned, pins_acquired, pins_released;

static void die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, errno ? strerror(errno) : "not possible");
	exit(1);
}

/* ---- access to shared words, in the order that a kernel on x86 has ---- */

ALWAYS_INLINE uint64_t load(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

ALWAYS_INLINE void add(int32_t *count, int32_t n)
{
	__atomic_fetch_add(count, n, __ATOMIC_SEQ_CST);
}

ALWAYS_INLINE bool sub_and_test(int32_t *count, int32_t n)
{
	return __atomic_sub_fetch(count, n, __ATOMIC_SEQ_CST) == 0;
}

ALWAYS_INLINE bool add_unless_zero(int32_t *count, int32_t n)
{
	int32_t seen = __atomic_load_n(count, __ATOMIC_RELAXED);

	do {
		if (unlikely(seen <= 0))
			return false;
	} while (unlikely(!__atomic_compare_exchange_n(count, &seen, seen + n, false,
						       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)));
	return true;
}

/* ---- struct pages ---- */

ALWAYS_INLINE struct page *head_of(struct page *page)
{
	uint64_t word = load(&page->compound_head);

	return unlikely(word & 1) ? (struct page *)(word - 1) : page;
}

/* The same, where most pages are tails. */
ALWAYS_INLINE struct page *head_of_tail(struct page *page)
{
	uint64_t word = load(&page->compound_head);

	return likely(word & 1) ? (struct page *)(word - 1) : page;
}

ALWAYS_INLINE void set_referenced(struct page *page)
{
	if (unlikely(!(load(&page->flags) & REFERENCED)))
		__atomic_fetch_or(&page->flags, REFERENCED, __ATOMIC_SEQ_CST);
}

/* Which page sizes have compounds in which kernel. */
ALWAYS_INLINE bool has_compounds(enum style style, int leaf_shift)
{
	return style != S5_10 && leaf_shift != PAGE_SHIFT;
}

ALWAYS_INLINE bool get_pgmap(uint64_t pfn, struct pgmap **cached)
{
	struct pgmap *pgmap = *cached;

	if (likely(pgmap && pfn >= pgmap->first_pfn && pfn < pgmap->end_pfn))
		return true;
	if (pfn < device.first_pfn || pfn >= device.end_pfn)
		return false;
	device.percpu_refs++;
	*cached = &device;
	return true;
}

ALWAYS_INLINE void put_pgmap(struct pgmap *pgmap)
{
	if (pgmap)
		pgmap->percpu_refs--;
}

/* ---- pin ---- */

/* A pin that fails on a free folio; the head is looked at again afterwards. */
ALWAYS_INLINE struct page *try_grab(struct page *page, int32_t n, bool compound)
{
	struct page *head = compound ? head_of_tail(page) : head_of(page);

	if (unlikely(!add_unless_zero(&head->refcount, n)))
		return NULL;
	if (unlikely((compound ? head_of_tail(page) : head_of(page)) != head)) {
		sub_and_test(&head->refcount, n);
		return NULL;
	}
	if (compound)
		add(&head[1].pincount, n);
	else
		add(&head->refcount, n * (PIN_BIAS - 1));
	return head;
}

ALWAYS_INLINE void give_back(struct page *head, int32_t n, bool compound)
{
	if (compound)
		add(&head[1].pincount, -n);
	sub_and_test(&head->refcount, compound ? n : n * PIN_BIAS);
}

ALWAYS_INLINE long pte_range(uint64_t *pmdp, uint64_t pmd, uint64_t start, uint64_t end,
			     uint64_t *pfns, enum style style)
{
	const uint64_t needed = PRESENT | RW | USER;
	uint64_t *ptep = (uint64_t *)(pmd & FRAME) + (start >> PAGE_SHIFT) % ENTRIES;
	struct pgmap *pgmap = NULL;
	long nr = 0;

	for (uint64_t at = start; at < end; at += PAGE_SIZE, ptep++) {
		uint64_t pte = load(ptep);
		uint64_t pfn = (pte & FRAME) >> PAGE_SHIFT;
		struct page *head;

		if (unlikely((pte & needed) != needed))
			break;
		if (style != S7_2 && likely(pte & DEVMAP)) {
			if (unlikely(!get_pgmap(pfn, &pgmap)))
				break;
		} else if (unlikely(pte & SPECIAL)) {
			break;
		}
		head = try_grab(&vmemmap[pfn], 1, false);
		if (unlikely(!head))
			break;
		if (unlikely(load(pmdp) != pmd || load(ptep) != pte)) {
			give_back(head, 1, false);
			break;
		}
		set_referenced(head);
		pfns[nr++] = pfn;
	}
	put_pgmap(pgmap);
	return nr;
}

/* 7.2: the whole leaf at once. */
ALWAYS_INLINE long whole_leaf(uint64_t *entryp, uint64_t entry, uint64_t pfn, long nr,
			      uint64_t *pfns)
{
	struct page *head = try_grab(&vmemmap[pfn], (int32_t)nr, true);

	if (unlikely(!head))
		return 0;
	if (unlikely(load(entryp) != entry)) {
		give_back(head, (int32_t)nr, true);
		return 0;
	}
	for (long i = 0; i < nr; i++)
		pfns[i] = pfn + i;
	set_referenced(head);
	return nr;
}

/* 5.10 and 6.1: base page by base page, one addition each. */
ALWAYS_INLINE long page_by_page(uint64_t *entryp, uint64_t entry, uint64_t pfn, long nr,
				uint64_t *pfns, bool compound)
{
	struct pgmap *pgmap = NULL;
	long i;

	for (i = 0; i < nr; i++) {
		struct page *page = &vmemmap[pfn + i];
		struct page *head = compound ? head_of_tail(page) : head_of(page);

		if (unlikely(!get_pgmap(pfn + i, &pgmap)))
			break;
		set_referenced(head);
		pfns[i] = pfn + i;
		if (unlikely(__atomic_load_n(&head->refcount, __ATOMIC_RELAXED) <= 0))
			break;
		if (compound) {
			add(&head->refcount, 1);
			add(&head[1].pincount, 1);
		} else {
			add(&head->refcount, PIN_BIAS);
		}
	}
	put_pgmap(pgmap);
	if (likely(i == nr && load(entryp) == entry))
		return nr;
	while (i-- > 0)
		give_back(head_of(&vmemmap[pfn + i]), 1, compound);
	return 0;
}

ALWAYS_INLINE long leaf(uint64_t *entryp, uint64_t entry, int shift, uint64_t start, uint64_t end,
			uint64_t *pfns, enum style style)
{
	const uint64_t needed = PRESENT | RW | USER;
	uint64_t inside = start & ((1UL << shift) - 1);
	uint64_t pfn = ((entry & FRAME) + inside) >> PAGE_SHIFT;
	long nr = (long)((end - start) >> PAGE_SHIFT);

	if (unlikely((entry & needed) != needed || (entry & SPECIAL)))
		return 0;
	if (style == S7_2)
		return whole_leaf(entryp, entry, pfn, nr, pfns);
	return page_by_page(entryp, entry, pfn, nr, pfns, style == S6_1);
}

ALWAYS_INLINE uint64_t next_block(uint64_t at, uint64_t end, int shift)
{
	uint64_t next = (at | ((1UL << shift) - 1)) + 1;

	return next < end ? next : end;
}

ALWAYS_INLINE bool is_leaf(uint64_t entry)
{
	return (entry & (PRESENT | PSE)) == (PRESENT | PSE);
}

ALWAYS_INLINE long pmd_range(uint64_t pud, uint64_t start, uint64_t end, uint64_t *pfns,
			     enum style style)
{
	uint64_t *pmdp = (uint64_t *)(pud & FRAME) + (start >> PMD_SHIFT) % ENTRIES;
	long nr = 0;

	for (uint64_t at = start; at < end; pmdp++) {
		uint64_t next = next_block(at, end, PMD_SHIFT);
		uint64_t pmd = load(pmdp);
		long got;

		if (!(pmd & PRESENT))
			break;
		got = is_leaf(pmd) ? leaf(pmdp, pmd, PMD_SHIFT, at, next, pfns + nr, style)
				   : pte_range(pmdp, pmd, at, next, pfns + nr, style);
		nr += got;
		if (got < (long)((next - at) >> PAGE_SHIFT))
			break;
		at = next;
	}
	return nr;
}

ALWAYS_INLINE long pud_range(uint64_t p4d, uint64_t start, uint64_t end, uint64_t *pfns,
			     enum style style)
{
	uint64_t *pudp = (uint64_t *)(p4d & FRAME) + (start >> PUD_SHIFT) % ENTRIES;
	long nr = 0;

	for (uint64_t at = start; at < end; pudp++) {
		uint64_t next = next_block(at, end, PUD_SHIFT);
		uint64_t pud = load(pudp);
		long got;

		if (!(pud & PRESENT))
			break;
		got = is_leaf(pud) ? leaf(pudp, pud, PUD_SHIFT, at, next, pfns + nr, style)
				   : pmd_range(pud, at, next, pfns + nr, style);
		nr += got;
		if (got < (long)((next - at) >> PAGE_SHIFT))
			break;
		at = next;
	}
	return nr;
}

/* One pin_user_pages_fast. With four levels the P4D is folded into the PGD. */
ALWAYS_INLINE long pin_fast(uint64_t start, long nr_pages, uint64_t *pfns, enum style style)
{
	uint64_t end = start + ((uint64_t)nr_pages << PAGE_SHIFT);
	uint64_t sequence;
	long nr = 0;

	if (unlikely(end < start || end > 0x7ffffffff000UL))
		return -1;
	if (unlikely(!load(&has_pinned)))
		__atomic_store_n(&has_pinned, 1, __ATOMIC_RELAXED);
	sequence = __atomic_load_n(&write_protect_seq, __ATOMIC_ACQUIRE);
	if (unlikely(sequence & 1))
		return 0;
	for (uint64_t at = start; at < end;) {
		uint64_t next = next_block(at, end, PGD_SHIFT);
		uint64_t entry = load(&pgd[(at >> PGD_SHIFT) % ENTRIES]);
		long got;

		if (!(entry & PRESENT))
			break;
		got = pud_range(entry, at, next, pfns + nr, style);
		nr += got;
		if (got < (long)((next - at) >> PAGE_SHIFT))
			break;
		at = next;
	}
	if (unlikely(__atomic_load_n(&write_protect_seq, __ATOMIC_ACQUIRE) != sequence))
		die("write_protect_seq changed");
	pins_acquired += (uint64_t)nr;
	return nr;
}

/* ---- unpin ---- */

ALWAYS_INLINE void freed(struct page *head)
{
	fprintf(stderr, "peer: record %p became free\n", (void *)head);
	exit(1);
}

/* 5.10: page by page, and the pin in two steps. */
ALWAYS_INLINE void unpin_singly(const uint64_t *pfns, long nr_pages)
{
	for (long i = 0; i < nr_pages; i++) {
		struct page *head = head_of(&vmemmap[pfns[i]]);

		add(&head->refcount, -(PIN_BIAS - 1));
		if (unlikely(sub_and_test(&head->refcount, 1)))
			freed(head);
	}
	pins_released += (uint64_t)nr_pages;
}

ALWAYS_INLINE struct page *folio_of(uint64_t pfn, bool compound)
{
	return compound ? head_of_tail(&vmemmap[pfn]) : head_of(&vmemmap[pfn]);
}

/* Consecutive entries of one folio together; the head of every page is read from its record. */
ALWAYS_INLINE void unpin_folios(const uint64_t *pfns, long nr_pages, bool compound)
{
	for (long i = 0; i < nr_pages;) {
		struct page *head = folio_of(pfns[i], compound);
		long next = i + 1;
		int32_t n;

		while (next < nr_pages && folio_of(pfns[next], compound) == head)
			next++;
		n = (int32_t)(next - i);
		if (compound)
			add(&head[1].pincount, -n);
		else
			n *= PIN_BIAS;
		if (unlikely(sub_and_test(&head->refcount, n)))
			freed(head);
		i = next;
	}
	pins_released += (uint64_t)nr_pages;
}

/* ---- one copy of the code for each style, as each kernel is compiled by itself ---- */

#define NOINLINE static __attribute__((noinline))

NOINLINE long pin_5_10(uint64_t at, long n, uint64_t *pfns) { return pin_fast(at, n, pfns, S5_10); }
NOINLINE long pin_6_1(uint64_t at, long n, uint64_t *pfns) { return pin_fast(at, n, pfns, S6_1); }
NOINLINE long pin_7_2(uint64_t at, long n, uint64_t *pfns) { return pin_fast(at, n, pfns, S7_2); }
NOINLINE void unpin_5_10(const uint64_t *pfns, long n) { unpin_singly(pfns, n); }
NOINLINE void unpin_base(const uint64_t *pfns, long n) { unpin_folios(pfns, n, false); }
NOINLINE void unpin_compound(const uint64_t *pfns, long n) { unpin_folios(pfns, n, true); }

/* ---- set-up ---- */

static uint64_t *new_table(void)
{
	void *table;

	if (posix_memalign(&table, PAGE_SIZE, PAGE_SIZE))
		die("page table");
	memset(table, 0, PAGE_SIZE);
	return table;
}

static uint64_t *below(uint64_t *entryp)
{
	if (!*entryp)
		*entryp = (uint64_t)new_table() | PRESENT | RW | USER | ACCESSED | DIRTY;
	return (uint64_t *)(*entryp & FRAME);
}

static void map_device(long nr_pages, int leaf_shift, enum style style)
{
	uint64_t bits = PRESENT | RW | USER | ACCESSED | DIRTY | NX | (style == S7_2 ? 0 : DEVMAP);

	uint64_t bytes = (uint64_t)nr_pages << PAGE_SHIFT;

	pgd = new_table();
	for (uint64_t offset = 0; offset < bytes; offset += 1UL << leaf_shift) {
		uint64_t at = USER_START + offset;
		uint64_t frame = (FIRST_PFN << PAGE_SHIFT) + offset;
		uint64_t *table = below(&pgd[(at >> PGD_SHIFT) % ENTRIES]);
		int shift = PUD_SHIFT;

		for (; shift > leaf_shift; shift -= 9)
			table = below(&table[(at >> shift) % ENTRIES]);
		table[(at >> shift) % ENTRIES] = frame | bits | (leaf_shift == PAGE_SHIFT ? 0 : PSE);
	}
}

static char *reserve(size_t bytes)
{
	char *at = mmap(NULL, bytes + (2UL << 20), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		die("vmemmap");
	return (char *)(((uint64_t)at + (2UL << 20) - 1) & ~((2UL << 20) - 1));
}

static struct page *linear_vmemmap(long nr_pages)
{
	size_t bytes = (size_t)nr_pages * sizeof(struct page);
	char *at = reserve(bytes);

	madvise(at, bytes, MADV_HUGEPAGE);
	return (struct page *)at;
}

/* Two vmemmap pages for each compound; all further ones are the second of the two again. */
static struct page *shared_vmemmap(long nr_pages, int order)
{
	size_t bytes = (size_t)nr_pages * sizeof(struct page);
	size_t per_folio = (sizeof(struct page) << order);
	char *at = reserve(bytes);
	int fd = memfd_create("vmemmap", 0);

	if (fd < 0 || ftruncate(fd, (off_t)(bytes / per_folio * 2 * PAGE_SIZE)))
		die("memfd");
	for (size_t folio = 0; folio < bytes / per_folio; folio++) {
		for (size_t page = 0; page < per_folio / PAGE_SIZE; page += page ? 1 : 2) {
			size_t length = page ? PAGE_SIZE : 2 * PAGE_SIZE;
			off_t from = (off_t)((2 * folio + (page ? 1 : 0)) * PAGE_SIZE);

			if (mmap(at + folio * per_folio + page * PAGE_SIZE, length, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, from) == MAP_FAILED)
				die("shared vmemmap: too many mappings, use fewer MiB");
		}
	}
	close(fd);
	return (struct page *)at;
}

static void init_pages(long nr_pages, int order, bool shared)
{
	long nr_records = shared ? 128 : 1L << order;

	for (long first = 0; first < nr_pages; first += 1L << order) {
		struct page *head = &vmemmap[FIRST_PFN + (uint64_t)first];

		for (long i = 0; i < nr_records; i++) {
			head[i].flags = 3UL << 56 | RESERVED;
			head[i].compound_head = i ? (uint64_t)head | 1 : 16;
			head[i].mapcount = -1;
			head[i].refcount = i ? 0 : 1;
			head[i].pincount = 0;
		}
	}
}

/* A run that counts wrong must not print a time. */
static void check(long nr_pages, int order, bool pinned)
{
	for (long first = 0; first < nr_pages; first += 1L << order) {
		struct page *head = &vmemmap[FIRST_PFN + (uint64_t)first];
		int32_t per_folio = order ? 1 << order : PIN_BIAS;
		int32_t expected = 1 + (pinned ? per_folio : 0);
		int32_t pincount = order && pinned ? 1 << order : 0;

		if (head->refcount != expected || (order && head[1].pincount != pincount)) {
			fprintf(stderr, "peer: page %ld has count %d, expected %d\n", first, head->refcount,
				expected);
			exit(1);
		}
	}
}

/* Time that this thread had a cpu, so that what else runs on the host counts less. */
static uint64_t nanos(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000UL + (uint64_t)now.tv_nsec;
}

struct options {
	long mib, batch, repeat, warmup;
	int leaf_shift;
	enum style style;
	bool shared;
};

static void usage(const char *found)
{
	fprintf(stderr,
		"peer: bad option '%s', expected: --mib N --page 4K|2M|1G --batch B --style 5.10|6.1|7.2\n"
		"      [--repeat R] [--warmup W] [--vmemmap linear|shared]\n",
		found);
	exit(2);
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (!*text || *end || value < 0 || value > 1L << 30)
		usage(text);
	return value;
}

static int choice(const char *text, const char *const *names, int nr_names)
{
	for (int i = 0; i < nr_names; i++)
		if (!strcmp(text, names[i]))
			return i;
	usage(text);
	return -1;
}

static struct options parse(int argc, char **argv)
{
	static const char *const sizes[] = {"4K", "2M", "1G"};
	static const char *const styles[] = {"5.10", "6.1", "7.2"};
	static const char *const layouts[] = {"linear", "shared"};
	struct options o = {1024, 512, 10, 5, PAGE_SHIFT, S7_2, false};

	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--mib"))
			o.mib = number(value);
		else if (!strcmp(argv[i], "--batch"))
			o.batch = number(value);
		else if (!strcmp(argv[i], "--repeat"))
			o.repeat = number(value);
		else if (!strcmp(argv[i], "--warmup"))
			o.warmup = number(value);
		else if (!strcmp(argv[i], "--page"))
			o.leaf_shift = PAGE_SHIFT + 9 * choice(value, sizes, 3);
		else if (!strcmp(argv[i], "--style"))
			o.style = (enum style)choice(value, styles, 3);
		else if (!strcmp(argv[i], "--vmemmap"))
			o.shared = choice(value, layouts, 2) == 1;
		else
			usage(argv[i]);
	}
	if (!o.mib || !o.batch || o.mib << 20 & ((1L << o.leaf_shift) - 1))
		usage("--mib or --batch");
	return o;
}

int main(int argc, char **argv)
{
	struct options o = parse(argc, argv);
	long nr_pages = o.mib << 8;
	int order = has_compounds(o.style, o.leaf_shift) ? o.leaf_shift - PAGE_SHIFT : 0;
	uint64_t *pfns = calloc((size_t)nr_pages, sizeof(*pfns));
	long (*pin)(uint64_t, long, uint64_t *) = o.style == S5_10  ? pin_5_10
						  : o.style == S6_1 ? pin_6_1
								    : pin_7_2;
	void (*unpin)(const uint64_t *, long) = o.style == S5_10 ? unpin_5_10
						: order		 ? unpin_compound
								 : unpin_base;

	if (!pfns)
		die("array of pages");
	o.shared = o.shared && order;
	device = (struct pgmap){FIRST_PFN, FIRST_PFN + (uint64_t)nr_pages, 0};
	vmemmap = (o.shared ? shared_vmemmap(nr_pages, order) : linear_vmemmap(nr_pages)) - FIRST_PFN;
	init_pages(nr_pages, order, o.shared);
	map_device(nr_pages, o.leaf_shift, o.style);
	printf("# %ld pages, order %d, %s vmemmap\n", nr_pages, order, o.shared ? "shared" : "linear");

	for (long i = 0; i < o.warmup + o.repeat; i++) {
		uint64_t begin = nanos(), pinned, unpin_begin, unpinned;

		for (long done = 0; done < nr_pages; done += o.batch) {
			long n = nr_pages - done < o.batch ? nr_pages - done : o.batch;

			if (pin(USER_START + ((uint64_t)done << PAGE_SHIFT), n, pfns + done) != n)
				die("pin");
		}
		pinned = nanos();
		if (i == 0)
			check(nr_pages, order, true);
		unpin_begin = nanos();
		unpin(pfns, nr_pages);
		unpinned = nanos();
		if (i == 0)
			check(nr_pages, order, false);
		if (i >= o.warmup)
			printf("time get %lu put %lu\n", pinned - begin, unpinned - unpin_begin);
	}
	if (pfns[nr_pages - 1] != FIRST_PFN + (uint64_t)nr_pages - 1)
		die("array of pages at the end");
	if (pins_acquired != pins_released || device.percpu_refs)
		die("counts at the end");
	return 0;
}
