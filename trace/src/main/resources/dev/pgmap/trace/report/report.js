/*
 * Draws the figures of a trace report. Everything from the recording gets into the page as text
 * nodes, never as markup. When all is drawn, the root element has data-report="ready" and counts
 * of what is shown; if the script fails, data-report="failed" and the reason.
 */
(() => {
  "use strict";

  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("figures").textContent);
  const NANOS = 1e9;

  // --- elements ---------------------------------------------------------------------------------

  /** An element with attributes; children are elements or texts. */
  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === true) {
        made.setAttribute(name, "");
      } else if (value !== false && value != null) {
        made.setAttribute(name, value);
      }
    }
    made.append(...children.flat(Infinity).filter((child) => child != null));
    return made;
  }

  function byId(id) {
    return document.getElementById(id);
  }

  function show(id, ...children) {
    byId(id).replaceChildren(...children.flat(Infinity).filter((child) => child != null));
  }

  /** A colour of the style sheet, for what is drawn on a canvas. */
  function colour(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim();
  }

  // --- texts ------------------------------------------------------------------------------------

  function number(value) {
    return value.toLocaleString("en-US");
  }

  function plural(count, one, many = one + "s") {
    return `${number(count)} ${count === 1 ? one : many}`;
  }

  /** How long, in a unit that suits; counts have none. */
  function duration(units) {
    if (!data.isTime) {
      return number(units);
    }
    const size = Math.abs(units);
    for (const [factor, unit] of [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]]) {
      // What rounds to one of the unit is in that unit.
      if (size >= factor * 0.99995) {
        return `${Number((units / factor).toPrecision(4))} ${unit}`;
      }
    }
    return `${units} ns`;
  }

  /** When, counted from the first event. */
  function when(units) {
    return data.isTime ? `+${(units / NANOS).toFixed(9)} s` : `+${number(units)}`;
  }

  /** The time axis is in seconds, or in the clock's counts. */
  function toAxis(units) {
    return data.isTime ? units / NANOS : units;
  }

  function task(pid) {
    return `${data.comms[pid] ?? "<...>"}-${pid}`;
  }

  function signed(value) {
    return value > 0 ? `+${value}` : `${value}`;
  }

  /** A stack in one line: the innermost functions. */
  function stackLine(stack, most = 4) {
    if (stack.functions.length === 0) {
      return "unknown: no stack was recorded";
    }
    const shown = stack.functions.slice(0, most).join(" ← ");
    return stack.functions.length > most ? shown + " ← …" : shown;
  }

  function underText(stack) {
    return stack.functions.length === 0 ? "; no stack was recorded" : ` under ${stackLine(stack, 3)}`;
  }

  function hint(stack) {
    return stack.hint
      ? el("span", { class: "note" }, "functions the task called last; no stack was recorded")
      : null;
  }

  // --- summary ----------------------------------------------------------------------------------

  function card(term, value, bad = false) {
    return el("div", { class: bad ? "bad" : null }, el("dt", {}, term), el("dd", {}, value));
  }

  function lostText() {
    const { lost, gaps, lostUncounted } = data.summary;
    if (gaps === 0) {
      return "none";
    }
    return `${lostUncounted ? "more than " : ""}${number(lost)} in ${plural(gaps, "gap")}`;
  }

  function showSummary() {
    const { summary, ledger } = data;
    show(
      "summary",
      card("Events", number(summary.events)),
      ledger ? card("Changes of page counts", number(ledger.changes)) : null,
      ledger ? card("Pages", number(ledger.pages)) : null,
      card("Tasks", number(summary.tasks)),
      card("CPUs", number(summary.cpus)),
      card("Span", duration(data.span)),
      card("Clock", data.clock),
      card("Lost events", lostText(), summary.gaps > 0),
      ledger ? card("Stacks", stackSource(ledger)) : null,
    );
    const most = Math.max(1, ...data.kinds.map(([, count]) => count));
    byId("kinds").append(
      table(
        ["Event", "#Count", ""],
        data.kinds.map(([name, count]) => [
          el("code", {}, name),
          number(count),
          bar(count / most),
        ]),
      ),
    );
  }

  function stackSource(ledger) {
    return ledger.stacks ? "recorded" : ledger.calls ? "guessed from calls" : "none";
  }

  function bar(share) {
    const made = el("span", { class: "bar" });
    made.style.width = `${Math.max(1, Math.round(share * 160))}px`;
    return made;
  }

  /** A table; a heading that begins with # is of a column of numbers. */
  function table(headings, rows) {
    const numeric = headings.map((heading) => heading.startsWith("#"));
    const cell = (tag, content, i) =>
      el(tag, { class: numeric[i] ? "number" : null, scope: tag === "th" ? "col" : null }, content);
    return el(
      "table",
      {},
      el("thead", {}, el("tr", {}, headings.map((text, i) => cell("th", text.replace("#", ""), i)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text, i) => cell("td", text, i))))),
    );
  }

  // --- outstanding references -------------------------------------------------------------------

  function amount(group) {
    return plural(group.amount, group.kind);
  }

  function taskNames(group, most = 2) {
    const names = group.tasks.slice(0, most).map(([name]) => name);
    const more = group.nrTasks - names.length;
    return names.join(", ") + (more > 0 ? ` and ${number(more)} more` : "");
  }

  function groupRow(group, open) {
    const stack = data.stacks[group.stack];
    const sure = group.certainty === "sure";
    return el(
      "details",
      { class: "group", open },
      el(
        "summary",
        {},
        el("span", { class: "amount" }, amount(group)),
        el("span", { "data-label": "on" }, plural(group.pages, "page")),
        el("span", { class: "stack mono", "data-label": "acquired under" }, stackLine(stack, 3)),
        el("span", { "data-label": "by" }, taskNames(group)),
        el(
          "span",
          {},
          el("span", { "data-label": "for" }, duration(data.span - group.oldest)),
          " ",
          el("span", { class: sure ? "chip" : "chip bad" }, group.certainty),
        ),
      ),
      el(
        "div",
        { class: "body" },
        el("div", {}, el("h3", {}, "Acquired under, innermost first"), stackList(stack)),
        el(
          "div",
          {},
          el("h3", {}, "Pages"),
          pfnList(group.pfns),
          group.kindNote === group.kind ? null : el("p", { class: "note" }, `A ${group.kindNote}.`),
        ),
        el(
          "div",
          {},
          el("h3", {}, "Acquired"),
          el("p", {}, `${when(group.oldest)}${group.newest > group.oldest ? ` to ${when(group.newest)}` : ""}`),
          el("h3", {}, "By"),
          el("ul", {}, group.tasks.map(([name, count]) => el("li", {}, `${name}: ${number(count)}`))),
          el("h3", {}, "How sure"),
          el(
            "ul",
            {},
            Object.entries(group.byCertainty).map(([text, count]) =>
              el("li", {}, `${text}: ${number(count)}`),
            ),
          ),
        ),
      ),
    );
  }

  function stackList(stack) {
    return el(
      "div",
      {},
      stack.functions.length === 0
        ? el("p", {}, stackLine(stack))
        : el("ol", { class: "mono" }, stack.functions.map((name) => el("li", {}, name))),
      hint(stack),
    );
  }

  /** Ranges of pfns; a button where a page of the range has a timeline. */
  function pfnList(pfns) {
    const ranges = pfns.ranges.map(([first, last]) => {
      const text = first === last ? first : `${first}-${last}`;
      const index = data.pages ? data.pages.findIndex((page) => within(page.pfn, first, last)) : -1;
      if (index < 0) {
        return el("code", {}, text);
      }
      const button = el("button", { type: "button", class: "mono", title: "Show its timeline" }, text);
      button.addEventListener("click", () => pageView.choose(index, true));
      return button;
    });
    const more = pfns.nrRanges - pfns.ranges.length;
    return el(
      "div",
      { class: "pfns" },
      ranges,
      more > 0 ? el("span", { class: "note" }, `and ${plural(more, "range")} more`) : null,
    );
  }

  function within(pfn, first, last) {
    const value = BigInt(pfn);
    return value >= BigInt(first) && value <= BigInt(last);
  }

  function heads() {
    return el(
      "div",
      { class: "heads", "aria-hidden": "true" },
      ["Held", "On", "Acquired under", "By", "For, and how sure"].map((text) => el("span", {}, text)),
    );
  }

  function showGroups() {
    const { ledger } = data;
    if (!ledger) {
      show("groups", el("p", {}, "The recording has no event that changes a page's count."));
      return;
    }
    const user = ledger.groups.filter((group) => group.holding === "user");
    const others = ledger.groups.filter((group) => group.holding !== "user");
    show(
      "groups",
      user.length > 0 ? [heads(), user.map((group, i) => groupRow(group, i === 0))] : null,
      user.length === 0 ? el("p", {}, "Nobody holds a page that was acquired in the recording.") : null,
      ledger.heldBefore > 0
        ? el(
            "details",
            {},
            el("summary", {}, `${plural(ledger.heldBefore, "reference")} from before the recording`),
            pfnList(ledger.before),
          )
        : null,
      others.length > 0
        ? el(
            "details",
            {},
            el("summary", {}, "Held by page tables, page cache or the owner of the memory"),
            heads(),
            others.map((group) => groupRow(group, false)),
          )
        : null,
    );
  }

  function showVerdict() {
    const verdict = byId("verdict");
    const { ledger } = data;
    if (!ledger) {
      verdict.textContent = "No page references were recorded: see the lanes of tasks below.";
      return;
    }
    const user = ledger.groups.filter((group) => group.holding === "user");
    const errors = ledger.anomalies.filter((anomaly) => anomaly.error);
    const sentences = [];
    if (user.length > 0) {
      const top = user[0];
      sentences.push(
        `${amount(top)} on ${plural(top.pages, "page")} ${top.amount === 1 ? "is" : "are"} outstanding, ` +
          `acquired by ${taskNames(top)}${underText(data.stacks[top.stack])}` +
          (top.certainty === "sure" ? "." : ` (${top.certainty}).`),
      );
    }
    if (user.length > 1) {
      sentences.push(`${plural(user.length - 1, "more group")} below.`);
    }
    if (errors.length > 0) {
      const top = errors[0];
      sentences.push(
        `${top.kind}: ${plural(top.times, "time")} by ${top.tasks.map(([name]) => name).join(", ")}.`,
      );
    }
    if (sentences.length === 0) {
      sentences.push("Nothing is outstanding: every reference acquired here was released.");
    } else {
      verdict.classList.add("bad");
    }
    verdict.textContent = sentences.join(" ");
  }

  // --- anomalies and waits ----------------------------------------------------------------------

  function anomalyRow(anomaly) {
    return el(
      "details",
      { class: "group" },
      el(
        "summary",
        {},
        el("span", { class: "amount" }, anomaly.kind),
        el("span", { "data-label": "on" }, plural(anomaly.pages, "page")),
        el("span", { class: "stack mono", "data-label": "under" }, stackLine(data.stacks[anomaly.stack], 3)),
        el("span", { "data-label": "by" }, anomaly.tasks.map(([name]) => name).join(", ")),
        el(
          "span",
          {},
          plural(anomaly.times, "time"),
          " ",
          el("span", { class: anomaly.certainty === "sure" ? "chip" : "chip bad" }, anomaly.certainty),
        ),
      ),
      el(
        "div",
        { class: "body" },
        el("div", {}, el("h3", {}, "The change"), stackList(data.stacks[anomaly.stack])),
        anomaly.previousTasks.length > 0
          ? el(
              "div",
              {},
              el("h3", {}, `The release before it, by ${anomaly.previousTasks.map(([name]) => name).join(", ")}`),
              stackList(data.stacks[anomaly.previous]),
            )
          : null,
        el("div", {}, el("h3", {}, `Pages, first ${when(anomaly.first)}`), pfnList(anomaly.pfns)),
      ),
    );
  }

  function waitLine(wait) {
    const who = wait.task || "somebody";
    const [what, since] = wait.what === "waiting" ? ["waits in", "since"] : ["removed memory in", "at"];
    const pages = wait.pfns.ranges.map(([first, last]) => `${first}-${last}`).join(" ");
    return el(
      "p",
      {},
      `${who} ${what} `,
      el("code", {}, wait.by),
      ` ${since} ${when(wait.since)}${pages ? ` for pfns ${pages}` : ""}${wait.detail ? ` (${wait.detail})` : ""}.`,
    );
  }

  function showAnomalies() {
    const { anomalies, waits } = data.ledger ?? { anomalies: [], waits: [] };
    byId("findings").hidden = anomalies.length + waits.length === 0;
    show("anomalies", waits.map(waitLine), anomalies.map(anomalyRow));
  }

  // --- the range of time that both charts show --------------------------------------------------

  const range = {
    all: [0, Math.max(toAxis(data.span), data.isTime ? 1e-9 : 1)],
    now: [0, 1],
    listeners: [],

    /** Shows from..to, within what there is, and not less than what a number can tell apart. */
    set(from, to) {
      const [first, last] = this.all;
      const least = (last - first) * 1e-9;
      const width = Math.min(Math.max(to - from, least), last - first);
      const begin = Math.min(Math.max(from, first), last - width);
      this.now = [begin, begin + width];
      this.listeners.forEach((listener) => listener(this.now));
    },

    zoom(factor, centre = (this.now[0] + this.now[1]) / 2) {
      const [from, to] = this.now;
      this.set(centre - (centre - from) * factor, centre + (to - centre) * factor);
    },

    pan(share) {
      const by = (this.now[1] - this.now[0]) * share;
      this.set(this.now[0] + by, this.now[1] + by);
    },

    reset() {
      this.set(...this.all);
    },

    /** Moves so that a time is in sight. */
    reveal(at) {
      if (at < this.now[0] || at > this.now[1]) {
        const half = (this.now[1] - this.now[0]) / 2;
        this.set(at - half, at + half);
      }
    },
  };
  // A little room at both ends, so that marks there can be seen.
  {
    const room = (range.all[1] - range.all[0]) * 0.01;
    range.all = [range.all[0] - room, range.all[1] + room];
    range.now = [...range.all];
  }

  const UNITS = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];

  /** Labels of the time axis, in the unit that suits what is in sight. */
  function timeLabels(values) {
    if (values.length === 0 || !data.isTime) {
      return values.map((value) => number(value));
    }
    const width = range.now[1] - range.now[0];
    const [size, unit] = UNITS.find(([factor]) => width >= factor) ?? UNITS.at(-1);
    const step = values.length > 1 ? (values[1] - values[0]) / size : 1;
    const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
    return values.map((value) => `${(value / size).toFixed(digits)} ${unit}`);
  }

  function button(text, title, action) {
    const made = el("button", { type: "button", title, "aria-label": title }, text);
    made.addEventListener("click", action);
    return made;
  }

  function rangeButtons() {
    return [
      button("−", "Zoom out", () => range.zoom(2)),
      button("+", "Zoom in", () => range.zoom(0.5)),
      button("◂", "Earlier", () => range.pan(-0.25)),
      button("▸", "Later", () => range.pan(0.25)),
      button("All", "Show the whole recording", () => range.reset()),
    ];
  }

  /** What both charts have in common: keys, wheel, drag, size, and the range of time. */
  function chart(host, options, series, onKey) {
    const narrow = () => host.clientWidth < 560;
    const built = new uPlot(
      {
        width: Math.max(200, host.clientWidth - 2),
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        ...options(narrow()),
        hooks: {
          ...options(narrow()).hooks,
          setSelect: [
            (u) => {
              if (u.select.width > 2) {
                range.set(
                  u.posToVal(u.select.left, "x"),
                  u.posToVal(u.select.left + u.select.width, "x"),
                );
              }
              u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            },
          ],
        },
      },
      series,
      host,
    );
    const onRange = ([min, max]) => built.setScale("x", { min, max });
    range.listeners.push(onRange);
    onRange(range.now);
    const sizes = new ResizeObserver(() => {
      const width = Math.max(200, host.clientWidth - 2);
      if (width !== built.width) {
        built.setSize({ width, height: built.height });
      }
    });
    sizes.observe(host);
    const wheel = (event) => onWheel(built, event);
    host.addEventListener("wheel", wheel, { passive: false });
    host.addEventListener("dblclick", resetRange);
    const keys = (event) => onKeys(event, onKey);
    host.addEventListener("keydown", keys);
    return {
      plot: built,
      destroy() {
        range.listeners.splice(range.listeners.indexOf(onRange), 1);
        sizes.disconnect();
        host.removeEventListener("wheel", wheel);
        host.removeEventListener("dblclick", resetRange);
        host.removeEventListener("keydown", keys);
        built.destroy();
      },
    };
  }

  function resetRange() {
    range.reset();
  }

  /** Ctrl and the wheel zoom, Shift and the wheel pan; the wheel alone scrolls the page. */
  function onWheel(plot, event) {
    if (event.ctrlKey) {
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      range.zoom(event.deltaY > 0 ? 1.25 : 0.8, plot.posToVal(left, "x"));
    } else if (event.shiftKey) {
      range.pan(Math.sign(event.deltaY || event.deltaX) * 0.1);
    } else {
      return;
    }
    event.preventDefault();
  }

  function onKeys(event, onKey) {
    const actions = {
      "+": () => range.zoom(0.5),
      "=": () => range.zoom(0.5),
      "-": () => range.zoom(2),
      0: () => range.reset(),
      Escape: () => range.reset(),
      ArrowLeft: () => (event.shiftKey ? range.pan(-0.25) : onKey(-1)),
      ArrowRight: () => (event.shiftKey ? range.pan(0.25) : onKey(1)),
    };
    const action = actions[event.key];
    if (action && !event.ctrlKey && !event.altKey && !event.metaKey) {
      action();
      event.preventDefault();
    }
  }

  function xAxis() {
    return {
      stroke: colour("faint"),
      grid: { stroke: colour("line"), width: 1 },
      ticks: { stroke: colour("line"), width: 1 },
      space: 90,
      values: (u, values) => timeLabels(values),
    };
  }

  function legend(...entries) {
    return el(
      "div",
      { class: "legend" },
      entries.map(([name, text]) => {
        const swatch = el("i");
        swatch.style.background = `var(--${name})`;
        return el("span", {}, swatch, text);
      }),
    );
  }

  const KEYS =
    "Drag to zoom, double-click for all; Ctrl+wheel zooms, Shift+wheel pans. Keys on the chart: " +
    "←/→ next event, Shift+←/→ pan, +/− zoom, 0 all.";

  // --- the count of a page ----------------------------------------------------------------------

  const GET = 0;
  const PUT = 1;
  const SET = 2;

  function effectOf(page, i) {
    const kind = page.kind[i];
    if (kind === "set" || kind === "freeze" || kind === "unfreeze") {
      return SET;
    }
    if (kind === "mod_unless" && page.ret[i] === 0) {
      return SET;
    }
    return page.val[i] > 0 ? GET : PUT;
  }

  const pageView = {
    index: 0,
    at: -1,
    built: null,

    show() {
      if (!data.pages || data.pages.length === 0) {
        return;
      }
      byId("timeline").hidden = false;
      this.select = el(
        "select",
        { id: "page-choice" },
        data.pages.map((page, i) =>
          el("option", { value: i }, `${page.pfn} · ${plural(page.changes, "change")}${heldText(page)}`),
        ),
      );
      this.select.addEventListener("change", () => this.choose(Number(this.select.value), false));
      this.host = el("div", { class: "chart", tabindex: 0, role: "application" });
      this.readout = el("div", { class: "readout", "aria-live": "polite" });
      this.list = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Changes in sight" });
      this.note = el("p", { class: "note" });
      show(
        "page",
        el(
          "div",
          { class: "tools" },
          el("label", { for: "page-choice" }, "Page"),
          this.select,
          rangeButtons(),
          button("Fit", "Show the changes of this page", () => this.fit()),
        ),
        legend(["get", "taken"], ["put", "dropped"], ["other", "set, frozen or refused"], ["count", "count"]),
        this.host,
        this.readout,
        this.note,
        el("details", { open: true }, el("summary", {}, "Changes in sight"), this.list),
        el("p", { class: "note" }, KEYS),
      );
      range.listeners.push(() => this.listChanges());
      this.choose(0, false);
    },

    choose(index, scroll) {
      this.index = index;
      this.select.value = index;
      this.draw();
      this.pick(-1);
      this.listChanges();
      if (scroll) {
        byId("timeline").scrollIntoView();
        this.host.focus({ preventScroll: true });
      }
    },

    page() {
      return data.pages[this.index];
    },

    fit() {
      const { t } = this.page();
      const [first, last] = [toAxis(t[0]), toAxis(t.at(-1))];
      const room = Math.max((last - first) * 0.03, (range.all[1] - range.all[0]) * 1e-7);
      range.set(first - room, last + room);
    },

    draw() {
      this.built?.destroy();
      const page = this.page();
      this.host.setAttribute("aria-label", `Count of page ${page.pfn} over time`);
      this.built = chart(
        this.host,
        (narrow) => this.options(page, narrow),
        columns(page),
        (step) => this.step(step),
      );
      const unknown = page.known.some((known) => known === 0);
      const shown = page.t.length;
      this.note.textContent =
        (shown < page.changes
          ? `${number(shown)} of ${number(page.changes)} changes are drawn; minima and maxima of the count are kept. `
          : "") +
        (unknown
          ? "The count before the first change is not known: where it is not, the line shows the change since then."
          : "");
    },

    options(page, narrow) {
      return {
        height: narrow ? 240 : 320,
        scales: { x: { time: false, auto: false }, y: { range: countRange } },
        axes: [
          xAxis(),
          {
            stroke: colour("faint"),
            grid: { stroke: colour("line"), width: 1 },
            ticks: { stroke: colour("line"), width: 1 },
            size: 56,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 256, 512, 1024, 2048, 4096, 8192, 16384, 65536, 262144, 1048576],
            values: (u, values) => values.map(number),
          },
        ],
        series: [
          {},
          { stroke: colour("count"), width: 1.5, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } },
          marks("get"),
          marks("put"),
          marks("other"),
        ],
        hooks: { setCursor: [(u) => this.hover(u)], draw: [(u) => this.drawWaits(u), (u) => this.drawPicked(u)] },
      };
    },

    hover(u) {
      const { left } = u.cursor;
      if (left != null && left >= 0) {
        const found = nearest(columns(this.page())[0], u.posToVal(left, "x"));
        this.pick(Math.min(found, this.page().t.length - 1));
      }
    },

    step(by) {
      const last = this.page().t.length - 1;
      const next = this.at < 0 ? (by > 0 ? 0 : last) : Math.min(Math.max(this.at + by, 0), last);
      range.reveal(columns(this.page())[0][next]);
      this.pick(next);
    },

    pick(i) {
      if (i === this.at && i >= 0) {
        return;
      }
      this.at = i;
      const page = this.page();
      if (i < 0) {
        this.readout.replaceChildren(
          el("p", { class: "note" }, "Point at the chart, or use the arrow keys on it, to see a change."),
        );
      } else {
        const stack = data.stacks[page.stack[i]];
        this.readout.replaceChildren(
          el("p", {}, el("strong", {}, changeText(page, i)), ` → ${countText(page, i)}`),
          el("p", {}, `${when(page.t[i])}, ${task(page.pid[i])} on cpu ${page.cpu[i]}`),
          el("p", { class: "mono" }, stackLine(stack, 8)),
          hint(stack) ?? "",
        );
      }
      this.built.plot.redraw(false);
      this.markRow();
    },

    /** Where a wait began or memory was removed: what happens to the page must be seen beside it. */
    drawWaits(u) {
      const scale = devicePixelRatio;
      u.ctx.save();
      u.ctx.strokeStyle = colour("bad");
      u.ctx.fillStyle = colour("bad");
      u.ctx.lineWidth = scale;
      u.ctx.setLineDash([5 * scale, 4 * scale]);
      u.ctx.font = `${12 * scale}px system-ui, sans-serif`;
      for (const wait of data.ledger.waits) {
        const x = u.valToPos(toAxis(wait.since), "x", true);
        if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) {
          continue;
        }
        u.ctx.beginPath();
        u.ctx.moveTo(x, u.bbox.top);
        u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
        u.ctx.stroke();
        u.ctx.textAlign = x > u.bbox.left + u.bbox.width / 2 ? "right" : "left";
        u.ctx.fillText(` ${wait.by} `, x, u.bbox.top + 12 * scale);
      }
      u.ctx.restore();
    },

    drawPicked(u) {
      if (this.at < 0) {
        return;
      }
      const page = this.page();
      const x = u.valToPos(columns(page)[0][this.at], "x", true);
      const y = u.valToPos(page.count[this.at], "y", true);
      u.ctx.save();
      u.ctx.strokeStyle = colour("accent");
      u.ctx.lineWidth = 2 * devicePixelRatio;
      u.ctx.beginPath();
      u.ctx.arc(x, y, 7 * devicePixelRatio, 0, 2 * Math.PI);
      u.ctx.stroke();
      u.ctx.restore();
    },

    /** The changes in sight as rows, for who reads rather than points; not more than fit a list. */
    listChanges() {
      const most = 200;
      const page = this.page();
      const [from, to] = range.now;
      const xs = columns(page)[0];
      const inSight = [];
      for (let i = 0; i < page.t.length && inSight.length <= most; i++) {
        if (xs[i] >= from && xs[i] <= to) {
          inSight.push(i);
        }
      }
      const rows = inSight.slice(0, most);
      const made = table(
        ["When", "Change", "#Count", "Task", "CPU", "Under"],
        rows.map((i) => [
          when(page.t[i]),
          changeText(page, i),
          countText(page, i, false),
          task(page.pid[i]),
          `${page.cpu[i]}`,
          el("span", { class: "mono" }, stackLine(data.stacks[page.stack[i]], 3)),
        ]),
      );
      this.rows = new Map();
      made.querySelectorAll("tbody tr").forEach((row, n) => {
        this.rows.set(rows[n], row);
        row.addEventListener("click", () => this.pick(rows[n]));
      });
      this.list.replaceChildren(
        made,
        inSight.length > most ? el("p", { class: "note" }, `The first ${most} in sight; zoom in for others.`) : "",
      );
      this.markRow();
    },

    markRow() {
      this.list.querySelector("tr.now")?.classList.remove("now");
      const row = this.rows?.get(this.at);
      row?.classList.add("now");
    },
  };

  function heldText(page) {
    const group = (data.ledger?.groups ?? []).find(
      (one) =>
        one.holding === "user" &&
        one.pfns.ranges.some(([first, last]) => within(page.pfn, first, last)),
    );
    return group ? " · outstanding" : "";
  }

  function changeText(page, i) {
    const kind = page.kind[i];
    const val = kind === "set" || kind === "unfreeze" || kind === "freeze" ? `${page.val[i]}` : signed(page.val[i]);
    const ret = page.ret[i] == null ? "" : ` ret=${page.ret[i]}`;
    return `${kind} ${val}${ret}`;
  }

  function countText(page, i, full = true) {
    if (page.known[i]) {
      return full ? `count ${number(page.count[i])}` : number(page.count[i]);
    }
    return full ? `count unknown, changed by ${signed(page.count[i])}` : `(${signed(page.count[i])})`;
  }

  const columnCache = new Map();

  /**
   * A page as uPlot wants it: times, counts, and the counts once more for each sort of mark; at the
   * end one more time that is no change. The
   * ledger's order is not always that of stamps: on the axis, time never goes back.
   */
  function columns(page) {
    if (!columnCache.has(page)) {
      let latest = -Infinity;
      const xs = page.t.map((t) => (latest = Math.max(latest, toAxis(t))));
      const sorts = [GET, PUT, SET].map((sort) =>
        page.count.map((count, i) => (effectOf(page, i) === sort ? count : null)),
      );
      // The count stays as it is until the recording ends.
      const end = Math.max(latest, toAxis(data.span));
      columnCache.set(page, [
        [...xs, end],
        [...page.count, page.count.at(-1)],
        ...sorts.map((sort) => [...sort, null]),
      ]);
    }
    return columnCache.get(page);
  }

  /** Marks of one sort; where they would cover each other the line says enough. */
  function marks(name) {
    return {
      paths: () => null,
      points: {
        show: (u, series, from, to) => (to - from) * 3 < u.bbox.width / devicePixelRatio,
        size: 7,
        stroke: colour(name),
        fill: colour(name),
      },
    };
  }

  function countRange(u, min, max) {
    if (min == null) {
      return [0, 1];
    }
    const room = Math.max(0.5, (max - min) * 0.08);
    return [Math.min(0, min) - room * 0.5, max + room];
  }

  function nearest(sorted, value) {
    let low = 0;
    let high = sorted.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && value - sorted[low - 1] <= sorted[low] - value ? low - 1 : low;
  }

  // --- lanes of tasks ---------------------------------------------------------------------------

  const LANE = 26;

  const laneView = {
    built: null,
    lane: 0,
    at: -1,

    show() {
      if (data.tasks.length === 0) {
        return;
      }
      byId("lanes").hidden = false;
      this.marks = data.tasks.map(laneMarks);
      this.host = el("div", {
        class: "chart",
        tabindex: 0,
        role: "application",
        "aria-label": "Events of tasks over time",
      });
      this.readout = el("div", { class: "readout", "aria-live": "polite" });
      show(
        "tasks",
        el("div", { class: "tools" }, rangeButtons()),
        legend(["get", "page reference taken"], ["put", "dropped"], ["other", "other events"]),
        this.host,
        this.readout,
        el("p", { class: "note" }, KEYS + " ↑/↓ choose the task."),
        el(
          "details",
          {},
          el("summary", {}, "Tasks as a table"),
          table(
            ["Task", "#Events", "#Page references"],
            data.tasks.map((one) => [task(one.pid), number(one.events), number(one.nrRefs)]),
          ),
        ),
      );
      this.host.addEventListener("keydown", (event) => this.onUpDown(event));
      this.draw();
      this.pick(-1);
    },

    draw() {
      this.built?.destroy();
      this.built = chart(
        this.host,
        (narrow) => this.options(narrow),
        [[range.all[0], range.all[1]], [null, null]],
        (step) => this.step(step),
      );
    },

    options(narrow) {
      const lanes = data.tasks.length;
      const chars = narrow ? 13 : 24;
      return {
        height: lanes * LANE + 56,
        scales: { x: { time: false, auto: false }, y: { dir: -1, auto: false, range: [-0.5, lanes - 0.5] } },
        axes: [
          xAxis(),
          {
            stroke: colour("text"),
            grid: { show: false },
            ticks: { show: false },
            size: narrow ? 104 : 190,
            splits: () => data.tasks.map((one, i) => i),
            values: (u, values) => values.map((i) => shortened(task(data.tasks[i].pid), chars)),
          },
        ],
        series: [{}, { points: { show: false }, paths: () => null }],
        hooks: { draw: [(u) => this.drawLanes(u)], setCursor: [(u) => this.hover(u)] },
      };
    },

    /** A tick for each event: taken above the middle of the lane, dropped below, others small. */
    drawLanes(u) {
      const { ctx, bbox } = u;
      const scale = devicePixelRatio;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      const shapes = [
        { name: "other", from: -0.1, to: 0.1 },
        { name: "get", from: -0.42, to: -0.02 },
        { name: "put", from: 0.02, to: 0.42 },
      ];
      for (const { name, from, to } of shapes) {
        ctx.fillStyle = colour(name);
        this.marks.forEach((marks, lane) => {
          const y = u.valToPos(lane + from, "y", true);
          const height = u.valToPos(lane + to, "y", true) - y;
          for (const mark of marks) {
            if (mark.sort === name) {
              ctx.fillRect(u.valToPos(mark.x, "x", true) - scale / 2, y, 1.5 * scale, height);
            }
          }
        });
      }
      this.drawPicked(u);
      ctx.restore();
    },

    drawPicked(u) {
      const mark = this.marks[this.lane][this.at];
      if (mark) {
        u.ctx.strokeStyle = colour("accent");
        u.ctx.lineWidth = 2 * devicePixelRatio;
        const x = u.valToPos(mark.x, "x", true);
        const top = u.valToPos(this.lane - 0.46, "y", true);
        const bottom = u.valToPos(this.lane + 0.46, "y", true);
        u.ctx.strokeRect(x - 4 * devicePixelRatio, top, 8 * devicePixelRatio, bottom - top);
      }
    },

    hover(u) {
      const { left, top } = u.cursor;
      if (left == null || left < 0) {
        return;
      }
      const lane = Math.round(u.posToVal(top, "y"));
      if (lane >= 0 && lane < this.marks.length && this.marks[lane].length > 0) {
        this.lane = lane;
        this.pick(nearest(this.marks[lane].map((mark) => mark.x), u.posToVal(left, "x")));
      }
    },

    step(by) {
      const last = this.marks[this.lane].length - 1;
      const next = this.at < 0 ? (by > 0 ? 0 : last) : Math.min(Math.max(this.at + by, 0), last);
      if (next >= 0) {
        range.reveal(this.marks[this.lane][next].x);
        this.pick(next);
      }
    },

    onUpDown(event) {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by) {
        event.preventDefault();
        this.lane = Math.min(Math.max(this.lane + by, 0), this.marks.length - 1);
        this.at = -1;
        this.step(1);
      }
    },

    pick(i) {
      this.at = i;
      const one = data.tasks[this.lane];
      const mark = this.marks[this.lane][i];
      this.readout.replaceChildren(
        ...(mark
          ? [
              el("p", {}, el("strong", {}, task(one.pid)), `: ${mark.text}`),
              el("p", {}, when(mark.t)),
            ]
          : [el("p", { class: "note" }, "Point at a lane, or use the arrow keys, to see an event.")]),
      );
      this.built?.plot.redraw(false);
    },
  };

  /** All marks of a task in order of time. */
  function laneMarks(one) {
    const refs = one.refs.t.map((t, i) => {
      const taken = one.refs.val[i] > 0;
      return {
        t,
        x: toAxis(t),
        sort: taken ? "get" : "put",
        text: `${data.labels[one.refs.label[i]]} pfn=${one.refs.pfn[i]} val=${signed(one.refs.val[i])}`,
      };
    });
    const others = one.others.t.map((t, i) => ({
      t,
      x: toAxis(t),
      sort: "other",
      text: data.labels[one.others.label[i]],
    }));
    return [...refs, ...others].sort((a, b) => a.t - b.t);
  }

  function shortened(text, chars) {
    return text.length <= chars ? text : text.slice(0, chars - 1) + "…";
  }

  // --- the page ---------------------------------------------------------------------------------

  function showLeftOut() {
    const sentences = data.leftOut.length > 0 ? data.leftOut : ["Nothing."];
    show("left-out", sentences.map((sentence) => el("li", {}, sentence)));
  }

  function failed(reason) {
    root.dataset.report = "failed";
    root.dataset.error = reason;
    byId("verdict").textContent = `This page could not be drawn: ${reason}`;
    byId("verdict").classList.add("bad");
  }

  function drawAll() {
    showVerdict();
    showSummary();
    showGroups();
    showAnomalies();
    pageView.show();
    laneView.show();
    showLeftOut();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      pageView.built && pageView.draw();
      laneView.built && laneView.draw();
    });
    root.dataset.groups = (data.ledger?.groups ?? []).filter((one) => one.holding === "user").length;
    root.dataset.pages = data.pages ? data.pages.length : 0;
    root.dataset.points = (data.pages ?? []).reduce((sum, page) => sum + page.t.length, 0);
    root.dataset.lanes = data.tasks.length;
    root.dataset.charts = document.querySelectorAll(".uplot canvas").length;
    if (root.dataset.report !== "failed") {
      root.dataset.report = "ready";
    }
  }

  window.addEventListener("error", (event) => failed(event.message));
  try {
    drawAll();
  } catch (error) {
    failed(`${error}`);
    throw error;
  }
})();
