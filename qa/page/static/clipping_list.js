// The list of clippings in the panel: saved from the cards, noted on, exported with citations.
// What is in them is only ever set as text.
"use strict";

(() => {
  const page = window.citadel;
  const { actions, element, find } = page;
  const { counted, say } = window.citadelSpeech;
  const kept = window.citadelClippings;
  const CALCULATED = /^[=+\-@\t\r]/; // a cell that begins so is a formula to a spreadsheet
  const COLUMNS = [
    "quote", "told", "note", "title", "author", "publisher", "date", "url", "place", "source",
    "start", "end", "index", "saved",
  ];
  let shown = []; // the clippings in the order of the list

  const root = () => find("#clippings .clippings");
  const howMany = () => counted("{count} clipping", "{count} clippings", kept.all().length);

  /** Called when the list is on the page. */
  page.listClippings = () => {
    if (!root() || !find("#tab-clippings") || !find("#announcer")) {
      window.requestAnimationFrame(page.listClippings); // still loading
      return;
    }
    root().addEventListener("input", onInput);
    const dialog = find("dialog", root());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.stopPropagation(); // closes the dialog, nothing else
    });
    window.addEventListener("storage", ({ key }) => {
      if (kept.isKept(key)) ofAnotherTab();
    });
    show();
    page.markSaved();
  };

  /** Show what another tab changed, but not under the hands of somebody who writes. */
  function ofAnotherTab() {
    const writing = document.activeElement?.closest("#clippings textarea");
    if (writing) {
      writing.addEventListener("blur", show, { once: true });
      return;
    }
    show();
    page.markSaved();
  }

  /** Say on the cards, and where passages were found, which quotes are saved. */
  page.markSaved = () => {
    document.querySelectorAll(".save-clipping").forEach((pressed) => {
      const saved = ofCard(pressed).every(kept.has);
      pressed.textContent = saved ? say("In clippings") : say("Save");
    });
  };

  const ofCard = (pressed) => JSON.parse(pressed.dataset.clippings);

  // ---- the list

  function show() {
    shown = kept.all();
    const list = root();
    const count = shown.length;
    find("#tab-clippings").textContent = count
      ? say("Clippings ({count})", { count })
      : say("Clippings");
    find(".panel-title", list).textContent = count ? howMany() : say("No clippings");
    find(".clips", list).replaceChildren(...shown.map(item));
    showTrouble();
    const unread = kept.unread() !== "";
    find(".empty", list).hidden = count > 0;
    find(".actions", list).hidden = count === 0 && !unread;
    list.querySelectorAll('[class^="export-"]').forEach((each) => {
      each.hidden = count === 0;
    });
    find(".unread", list).hidden = !unread;
    if (kept.trouble() && count) page.banner(wrong(), "clippings");
    else if (find("#banner").dataset.about === "clippings") page.banner("");
  }

  /** Return what is wrong with keeping the clippings, in a sentence; "" if nothing is. */
  function wrong() {
    if (kept.trouble() === "full" && shown.length) {
      return say("This browser has no room for more clippings: export them before you close this page.");
    }
    if (kept.trouble() === "denied" && shown.length) {
      return say("This browser doesn’t keep clippings: export them before you close this page.");
    }
    if (kept.unread() !== "") {
      return say("Some of the clippings in this browser can’t be read; they are left as they are, and new ones are kept next to them.");
    }
    return "";
  }

  function showTrouble() {
    const line = find(".trouble", root());
    line.textContent = wrong();
    line.hidden = line.textContent === "";
  }

  function item(clipping, at) {
    const made = element("li", "clip");
    const quote = element("blockquote", "");
    quote.dir = "auto";
    quote.lang = clipping.language;
    quote.append(element("bdi", "", clipping.quote));
    made.append(quote);
    if (clipping.told) made.append(element("p", "told", clipping.told));
    made.append(about(clipping), note(clipping, at), buttons(clipping));
    return made;
  }

  function about({ title, publisher, published, place }) {
    const line = element("p", "about");
    const facts = [title, publisher, published, place].filter((fact) => fact);
    facts.forEach((fact, at) => line.append(at ? " · " : "", element("bdi", "", fact)));
    return line;
  }

  function note(clipping, at) {
    const label = element("label", "note-on", say("Note"));
    const box = element("textarea", "");
    box.rows = 2;
    box.dir = "auto";
    box.value = clipping.note;
    box.dataset.at = String(at);
    box.setAttribute("aria-label", say("Note on clipping {number}", { number: at + 1 }));
    label.append(box);
    return label;
  }

  function buttons({ href, index, references }) {
    const line = element("div", "actions");
    const read = element("a", "read", say("Read in article"));
    read.href = href;
    read.dataset.index = index;
    const { plain, ...forms } = references;
    const copy = page.button("copy", say("Copy quote"));
    copy.dataset.text = plain;
    line.append(read, copy, page.button("remove-clipping", say("Remove")));
    const more = element("details", "forms");
    more.append(element("summary", "", say("Copy as")));
    Object.entries(forms).forEach(([form, text]) => {
      const button = page.button("copy-as", form);
      button.dataset.text = text;
      more.append(button);
    });
    line.append(more);
    return line;
  }

  const clippingOf = (node) => {
    const all = [...root().querySelectorAll(".clip")];
    return shown[all.indexOf(node.closest(".clip"))];
  };

  function onInput(event) {
    if (!event.target.matches(".clip textarea")) return;
    const before = wrong();
    const clipping = clippingOf(event.target);
    const noted = event.target.value;
    kept.note(clipping, noted);
    shown[shown.indexOf(clipping)] = { ...clipping, note: noted };
    showTrouble();
    if (wrong() && wrong() !== before) page.announce(wrong());
  }

  /** Say what was done, how many clippings there are now, and what is wrong. */
  const announceDone = (done) => page.announce([done, `${howMany()}.`, wrong()].join(" ").trim());

  actions["save-clipping"] = (pressed) => {
    const clippings = ofCard(pressed);
    if (clippings.every(kept.has)) {
      page.openPanel("tab-clippings", pressed);
      const at = shown.findIndex(({ href }) => href === clippings[0].href);
      find(`textarea[data-at="${at}"]`, root()).focus();
      return;
    }
    const saved = new Date().toISOString();
    clippings.forEach((clipping) => kept.add({ ...clipping, note: "", saved }));
    show();
    page.markSaved();
    announceDone(say("Saved."));
  };

  actions["remove-clipping"] = (pressed) => {
    const at = shown.indexOf(clippingOf(pressed));
    kept.remove(shown[at]);
    show();
    page.markSaved();
    const left = root().querySelectorAll(".remove-clipping");
    (left[Math.min(at, left.length - 1)] ?? find(".panel-title", root())).focus();
    announceDone(say("Removed."));
  };

  // ---- all of them at once

  actions["clear-clippings"] = () => find("dialog", root()).showModal();
  actions["keep-clippings"] = () => find("dialog", root()).close();
  actions["really-clear"] = () => {
    find("dialog", root()).close();
    kept.clear();
    show();
    page.markSaved();
    find(".panel-title", root()).focus();
    announceDone(say("Removed."));
  };

  function save(pressed, text, type, ending, name = "citadel-clippings") {
    page.saveFile(text, type, name, ending);
    page.confirm(pressed, say("Saved"));
  }

  const inLines = (lines) => `${lines.join("\n\n")}\n`;

  actions["export-text"] = (pressed) => {
    const entries = shown.flatMap(({ references, told, note: noted }) => [
      [references.plain, told].filter((line) => line).join("\n"),
      ...(noted.trim() ? [say("Note: {note}", { note: noted.trim() })] : []),
    ]);
    save(pressed, inLines([say("Clippings from Citadel"), ...entries]), "text/plain", "txt");
  };

  actions["export-markdown"] = (pressed) => {
    const entries = shown.flatMap(({ references, told, note: noted }) => [
      references.Markdown,
      ...[told, noted.trim() && say("Note: {note}", { note: noted.trim() })]
        .filter((line) => line)
        .map((line) => line.split(/\n\s*\n/).map(page.plainMarkdown).join("\n\n")),
    ]);
    const title = `# ${say("Clippings from Citadel")}`;
    save(pressed, inLines([title, ...entries]), "text/markdown", "md");
  };

  actions["export-csv"] = (pressed) => {
    const rows = shown.map((clipping) => [
      ...COLUMNS.map((name) => clipping[name]),
      clipping.references.plain,
    ]);
    const lines = [[...COLUMNS, "citation"], ...rows].map((row) => row.map(cell).join(","));
    // Spreadsheets take a file without the mark for one in another encoding.
    save(pressed, `\ufeff${lines.join("\r\n")}\r\n`, "text/csv", "csv");
  };

  function cell(value) {
    const text = CALCULATED.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  actions["save-unread"] = (pressed) =>
    save(pressed, kept.unread(), "text/plain", "txt", "citadel-clippings-unread");
})();
