// The panel as a desk: find in all articles, their names, their dates, and the article to read.
// What is shown comes escaped from the server (qa/page/desk.py); here it is only asked for.
"use strict";

(() => {
  const page = window.citadel;
  const { actions, element, find } = page;
  const { language, say } = window.citadelSpeech;
  const asks = {}; // what asks the server, by the part of the panel
  const asked = new Set(); // the parts that show what the server gave
  const PAUSE = 300; // milliseconds after the last letter of a name
  let onArrival = null; // what to do when the part that was asked for has come
  let typing = 0;
  let typed = "";
  let opensGlance = false;

  /** Called when a part of the panel is on the page; `ask` has the server fill it. */
  page.desk = (part, ask, watch) => {
    asks[part] = ask;
    watch("value", () => {
      const then = onArrival?.part === part ? onArrival.then : null;
      onArrival = null;
      if (part === "finding") page.markSaved();
      then?.(document.getElementById(part));
    });
    if (part === "finding") begin();
  };

  function request(part, wanted, then = null) {
    if (!asks[part]) {
      window.requestAnimationFrame(() => request(part, wanted, then)); // still loading
      return;
    }
    onArrival = { part, then };
    asked.add(part);
    asks[part]({ ...wanted, language });
  }

  function begin() {
    document.addEventListener("submit", onSubmit);
    document.addEventListener("input", onInput);
    document.addEventListener("change", onChange);
    placePicker();
  }

  // ---- what a tab shows when it is chosen

  page.tabShown = (id) => {
    if (id === "tab-names" && !asked.has("names")) request("names", {});
    if (id === "tab-dates" && find("#dates .waiting-dates")) request("dates", {});
  };

  /** Another version of the sources is served: what is shown of them is asked for again. */
  page.deskOf = () => asked.clear();

  actions.browse = (pressed) => {
    const chosen = find('#tabs [aria-selected="true"]')?.id;
    const tab = chosen && chosen !== "tab-sources" ? chosen : "tab-finding";
    page.openPanel(tab, pressed);
    document.getElementById(tab).focus();
  };

  // ---- find

  function findPassages(wanted, then = showFound) {
    const results = find("#finding .found, #finding .empty");
    results?.setAttribute("aria-busy", "true");
    page.announce(say("Finding…"));
    request("finding", wanted, then);
  }

  function showFound(part) {
    part.closest('[role="tabpanel"]').scrollTop = 0;
    const title = find(".panel-title, .verdict", part);
    title?.focus({ preventScroll: true });
    if (title) page.announce(title.textContent);
  }

  function openFinding(pressed, wanted) {
    if (!pressed.closest("#finding")) page.openPanel("tab-finding", pressed);
    findPassages(wanted);
  }

  const shownNow = (pressed) => {
    const { asked: text, words, source } = pressed.closest(".found").dataset;
    return { asked: text, as: words ? "words" : "name", source };
  };

  actions["show-name"] = (pressed) =>
    openFinding(pressed, { asked: pressed.dataset.name, as: "name" });
  actions["show-passages"] = (pressed) =>
    openFinding(pressed, { asked: pressed.dataset.asked, as: "name" });
  actions["only-article"] = (pressed) => {
    const source = pressed.dataset.source;
    findPassages({ ...shownNow(pressed), source }, (part) => {
      const same = [...part.querySelectorAll(".only-article")];
      same.find((each) => each.dataset.source === source)?.focus({ preventScroll: true });
      page.announce(find(".panel-title", part).textContent);
    });
  };
  actions["more-passages"] = (pressed) => {
    const shown = Number(pressed.dataset.shown);
    findPassages({ ...shownNow(pressed), shown }, (part) => {
      part.querySelectorAll(".passages > li")[shown]?.querySelector(".cite").focus();
    });
  };

  // ---- names

  function listNames(wanted, then = null) {
    const contains = find("#names .narrow")?.value ?? "";
    const kind = find('#names .kind[aria-pressed="true"]')?.dataset.kind ?? "";
    request("names", { contains, kind, ...wanted }, then);
  }

  function narrowNames() {
    const sent = typed;
    listNames({ contains: sent }, (part) => {
      const input = find(".narrow", part);
      // The list comes with the box as it was sent; what was typed since is kept, and listed next.
      input.value = typed;
      input.focus();
      input.setSelectionRange(typed.length, typed.length);
      if (typed !== sent) narrowSoon();
    });
  }

  function narrowSoon() {
    window.clearTimeout(typing);
    typing = window.setTimeout(narrowNames, PAUSE);
  }

  actions.kind = (pressed) => {
    const { kind } = pressed.dataset;
    listNames({ kind }, (part) => {
      find(`.kind[data-kind="${kind}"]`, part)?.focus();
      page.announce(find(".panel-title", part).textContent);
    });
  };
  actions["more-names"] = (pressed) => {
    const shown = Number(pressed.dataset.shown);
    listNames({ shown }, (part) => {
      part.querySelectorAll(".names > li")[shown]?.querySelector("button").focus();
    });
  };
  actions["ask-name"] = (pressed) => askFromPanel(pressed.dataset.question);
  actions["ask-this"] = (pressed) => askFromPanel(pressed.textContent);
  actions["show-names"] = (pressed) => {
    page.openPanel("tab-names", pressed);
    find("#names").focus();
  };

  function askFromPanel(question) {
    page.leavePanel();
    page.ask(question);
  }

  // ---- dates

  actions["more-dates"] = (pressed) => {
    const shown = Number(pressed.dataset.shown);
    const source = find("#dates .dates-of")?.value ?? "";
    request("dates", { source, shown }, (part) => {
      part.querySelectorAll(".timeline .cite")[shown]?.focus();
    });
  };
  actions["show-dates"] = (pressed, turn) => {
    page.openPanel("tab-dates", pressed);
    const { source } = pressed.dataset;
    if (find("#dates .timeline")?.dataset.source !== source) {
      request("dates", { source, index: several() ? "" : (turn?.index ?? "") });
    }
    find("#dates").focus();
  };

  // ---- the article to read

  const listed = () => [...document.querySelectorAll("#library .library > li")];
  const several = () => listed().length > 1;

  /** Called when an article is on the page. */
  page.articleArrived = () => {
    placePicker();
    if (opensGlance) openGlance();
  };

  function placePicker() {
    const home = find("#reading .choose-article, #reading .reading");
    if (!home || listed().length === 0) {
      window.requestAnimationFrame(placePicker); // still loading
      return;
    }
    if (!several() || find("#reading .picker")) return;
    const label = element("label", "pick picker", `${say("Article")} `);
    const select = element("select", "");
    select.setAttribute("aria-label", say("Choose an article"));
    const shown = home.dataset.source;
    if (!shown) select.append(new Option(say("Choose an article"), ""));
    listed().forEach((item) => {
      const place = page.parsePlace(find("a.read", item).getAttribute("href"));
      const option = new Option(find("h3", item).textContent, place.source);
      option.selected = place.source === shown;
      select.append(option);
    });
    label.append(select);
    if (home.matches(".choose-article")) home.append(label);
    else find("#reading .find").before(label);
  }

  actions["show-glance"] = (pressed) => {
    page.openPanel("tab-reading", pressed);
    opensGlance = true;
    if (find("#reading .reading")?.dataset.source === pressed.dataset.source) openGlance();
    else page.showArticle(pressed.dataset.source);
  };

  function openGlance() {
    opensGlance = false;
    const glance = find("#reading .glance");
    if (!glance) return;
    glance.open = true;
    find("#reading").scrollTop = 0;
    find("summary", glance).focus({ preventScroll: true });
  }

  // ---- forms

  function onSubmit(event) {
    if (event.target.matches(".find-all")) {
      event.preventDefault();
      const text = find("input", event.target).value.trim();
      if (text) findPassages({ asked: text, as: "words" });
    } else if (event.target.matches(".find-name")) {
      event.preventDefault();
      window.clearTimeout(typing);
      typed = find(".narrow", event.target).value;
      narrowNames();
    }
  }

  function onInput(event) {
    if (!event.target.closest?.(".find-name")) return;
    typed = event.target.value;
    narrowSoon();
  }

  function onChange(event) {
    if (event.target.matches?.(".dates-of")) {
      request("dates", { source: event.target.value }, (part) => find(".dates-of", part)?.focus());
    } else if (event.target.closest?.(".picker") && event.target.value) {
      page.showArticle(event.target.value);
    }
  }
})();
