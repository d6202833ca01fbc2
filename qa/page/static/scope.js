// Which articles are searched: chosen by check boxes, remembered as long as the tab is open.
"use strict";

(() => {
  const page = window.citadel;
  const { actions, find } = page;
  const { counted, language } = window.citadelSpeech;
  const KEPT = "citadel-left-out";
  let leftOut = new Set();
  let renewList = () => {}; // still loading

  const boxes = () => [...document.querySelectorAll("#library .include input")];

  /** Return what a question sends along: the shorter of two lists of file names. */
  page.scope = () => {
    const names = boxes().map((box) => box.value);
    const without = names.filter((name) => leftOut.has(name));
    if (without.length === 0) return {};
    const only = names.filter((name) => !leftOut.has(name));
    // With none chosen the server says so; an empty “only” would mean all.
    return only.length && only.length < without.length ? { only } : { without };
  };

  /** Called with the index of an answer: the list shows what answers come from now. */
  page.listArticlesOf = (index) => {
    const listed = find("#library .library");
    if (!listed || listed.dataset.index === index) return;
    renewList();
    page.deskOf(index);
  };

  /** Called when the list of articles is on the page. */
  page.choose = (root, refreshList, watch) => {
    renewList = () => refreshList({ language });
    const panel = root.closest("#library") ?? root;
    page.offerAdding(panel, renewList);
    page.offerRemoving(panel, root, renewList);
    watch("value", refresh);
    try {
      leftOut = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
    } catch (error) {
      console.warn("The browser does not keep the choice of articles:", error);
    }
    root.addEventListener("change", (event) => {
      if (event.target.closest(".include")) include(event.target.checked, [event.target]);
    });
    root.addEventListener("input", (event) => {
      if (event.target.closest(".narrow")) narrow(event.target.value);
    });
    root.addEventListener("submit", (event) => event.preventDefault());
    refresh();
  };

  function include(wanted, chosen) {
    chosen.forEach((box) => (wanted ? leftOut.delete(box.value) : leftOut.add(box.value)));
    try {
      sessionStorage.setItem(KEPT, JSON.stringify([...leftOut]));
    } catch (error) {
      console.warn("The browser does not keep the choice of articles:", error);
    }
    refresh();
  }

  /** Show only the articles whose title, publisher, date or language has all the words typed. */
  function narrow(typed) {
    const words = typed.toLocaleLowerCase().split(/\s+/);
    document.querySelectorAll("#library .library > li").forEach((item) => {
      const text = item.textContent.toLocaleLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    });
  }

  actions["include-shown"] = () => {
    const shown = boxes().filter((box) => !box.closest("li").hidden);
    include(false, boxes());
    include(true, shown);
  };

  actions["include-all"] = () => include(true, boxes());

  actions.scope = (pressed) => {
    page.openPanel("tab-library", pressed);
    find("#library").focus();
  };

  /** Show the choice in the boxes, and under the composer when it is not everything. */
  function refresh() {
    const all = boxes();
    all.forEach((box) => {
      box.checked = !leftOut.has(box.value);
    });
    const searched = all.filter((box) => box.checked).length;
    const line = find("#scope") ?? scopeLine();
    if (!line) {
      window.requestAnimationFrame(refresh); // still loading
      return;
    }
    line.hidden = searched === all.length;
    line.textContent = counted(
      "Searching {searched} of {count} articles",
      "Searching {searched} of {count} articles",
      all.length,
      { searched },
    );
  }

  function scopeLine() {
    const composer = find("#composer");
    if (!composer) return null;
    const line = page.button("scope", "");
    line.id = "scope";
    composer.append(line);
    return line;
  }
})();
