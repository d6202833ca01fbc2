// The conversation, and the way from a citation to its sentence in the article.
// HTML arrives escaped from the server (qa/rendering.py); what a person typed is only ever set as
// text. Nothing here talks to another machine.
"use strict";

window.citadel = (() => {
  const LONGEST_QUESTION = 500;
  const EARLIER_QUESTIONS = 6; // more than a follow-up leans on, less than the server accepts
  const KEPT_IN = "citadel-conversation";

  /** Asked questions in order: { id, question, answer, sources }; answer is null while searching. */
  let turns = [];
  let pending = null;
  let send = null;
  let fetchArticle = null;
  let sourceList = null;
  let wanted = null; // the place to open once its article has arrived
  const trail = []; // the links that were followed, to go back along

  const find = (selector, root = document) => root.querySelector(selector);
  const composer = () => find("#question textarea");
  const log = () => find("#conversation .turns");
  const isPhone = () => window.matchMedia("(max-width: 900px)").matches;
  const smooth = () =>
    window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // ---- conversation

  /** Called when the conversation is on the page; `trigger` sends a question to the server. */
  function converse(root, trigger) {
    send = trigger;
    const list = element("div", "turns");
    root.append(list);
    document.body.append(announcer());
    restore();
    prepareComposer();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", () => closePanel());
    const asked = new URLSearchParams(window.location.search).get("q");
    if (asked && turns.length === 0) ask(asked);
  }

  function announcer() {
    const region = element("div", "visually-hidden");
    region.id = "announcer";
    region.setAttribute("role", "status");
    return region;
  }

  /** The composer takes the direction of what is typed, and says what is wrong below itself. */
  function prepareComposer() {
    const box = composer();
    if (!box) {
      // Gradio mounts its components in any order.
      window.requestAnimationFrame(prepareComposer);
      return;
    }
    box.dir = "auto";
    box.setAttribute("enterkeyhint", "send");
    const hint = element("p", "");
    hint.id = "hint";
    hint.setAttribute("role", "alert");
    find("#composer").append(hint);
    box.setAttribute("aria-describedby", "hint");
    box.addEventListener("input", () => {
      hint.textContent =
        box.value.trim().length > LONGEST_QUESTION ? "Questions can be up to 500 characters." : "";
    });
  }

  /** Ask what stands in the composer, or the question given. */
  function ask(given = null, earlier = null) {
    const box = composer();
    const question = (given ?? box.value).trim();
    if (pending || !question) return;
    if ([...question].length > LONGEST_QUESTION) {
      find("#hint").textContent = "Questions can be up to 500 characters.";
      return;
    }
    if (given === null) setComposer("");
    const turn = { id: `turn-${Date.now()}`, question, answer: null, sources: "" };
    const before = earlier ?? turns.filter((t) => t.answer !== null).map((t) => t.question);
    turns.push(turn);
    pending = turn;
    show(turn);
    setBusy(true);
    send({ turn: turn.id, question, earlier: before.slice(-EARLIER_QUESTIONS) });
    window.setTimeout(() => watchConnection(turn), 4000);
  }

  /** Try a question again in the place where it failed. */
  function askAgain(failed) {
    if (pending) return;
    turns = turns.filter((turn) => turn !== failed);
    document.getElementById(failed.id).remove();
    ask(failed.question);
  }

  function setComposer(text) {
    const box = composer();
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function setBusy(busy) {
    document.body.classList.toggle("searching", busy);
    const focused = document.activeElement;
    if (busy && focused?.closest("#ask")) find("#stop")?.focus();
    if (!busy && focused?.closest("#stop")) composer().focus();
  }

  /** Show a turn: its question, and its answer or that it is being searched for. */
  function show(turn) {
    find("#welcome")?.setAttribute("hidden", "");
    let node = document.getElementById(turn.id);
    if (!node) {
      node = element("section", "turn");
      node.id = turn.id;
      const asked = element("h2", "asked", turn.question);
      asked.dir = "auto";
      node.append(asked, element("div", "answer"));
      log().append(node);
    }
    const answer = find(".answer", node);
    if (turn.answer === null) {
      answer.replaceChildren(element("p", "waiting", waitingText()));
    } else {
      answer.innerHTML = turn.answer;
    }
    node.scrollIntoView({ block: "start", behavior: smooth() });
  }

  function waitingText() {
    const count = document.querySelectorAll("#library .library > li").length;
    return count > 1 ? "Searching the articles…" : "Searching the article…";
  }

  /** Called with each reply of the server. One that was stopped is not shown. */
  function receive(reply) {
    if (!pending || reply?.turn !== pending.id) return;
    finish(reply.answer, reply.sources, reply.announcement);
  }

  function finish(answer, sources, announcement) {
    const turn = pending;
    pending = null;
    turn.answer = answer;
    turn.sources = sources;
    show(turn);
    if (sources) {
      showSources(turn);
      selectTab("tab-sources");
      document.body.classList.remove("article-open");
      trail.length = 0;
    }
    setBusy(false);
    find("#announcer").textContent = announcement;
    keep();
  }

  function finishWithNotice(verdict, text) {
    const notice = element("div", "");
    notice.append(element("p", "verdict", verdict), element("p", "", text));
    const again = element("button", "again", "Try again");
    again.type = "button";
    notice.append(again);
    finish(notice.innerHTML, "", `${verdict} ${text}`);
  }

  function stop() {
    if (pending) finishWithNotice("Stopped.", "Your question is still here.");
  }

  /** The server refused the call itself: it is full, or it broke before it could answer. */
  function failed() {
    if (pending) {
      finishWithNotice("Search did not work.", "Nothing was lost. Try again in a moment.");
    }
  }

  /** A lost connection never reports itself, so we look as long as an answer is missing. */
  async function watchConnection(turn) {
    if (pending !== turn) return;
    try {
      await fetch("gradio_api/app_id", { cache: "no-store" });
      window.setTimeout(() => watchConnection(turn), 4000);
    } catch {
      if (pending === turn) {
        finishWithNotice("Connection lost.", "Your conversation is still here.");
      }
    }
  }

  // ---- keeping the conversation: Gradio reloads the page when the server comes back

  function keep() {
    try {
      sessionStorage.setItem(KEPT_IN, JSON.stringify(turns));
    } catch (error) {
      console.warn("The conversation can't be kept across a reload:", error);
    }
  }

  function restore() {
    const kept = sessionStorage.getItem(KEPT_IN);
    if (!kept) return;
    turns = JSON.parse(kept).filter((turn) => turn.answer !== null);
    turns.forEach(show);
    const last = turns.findLast((turn) => turn.sources);
    if (last) showSources(last);
  }

  function startAnew() {
    sessionStorage.removeItem(KEPT_IN);
    window.location.assign(window.location.pathname);
  }

  // ---- the panel

  /** Called when the list of sources is on the page. */
  function list(root) {
    sourceList = root;
    const last = turns.findLast((turn) => turn.sources);
    if (last) showSources(last);
  }

  /** Show the sources of one turn, the latest or an older one. */
  function showSources(turn) {
    if (!sourceList) return; // still loading: list() shows them
    sourceList.innerHTML = turn.sources;
    document.querySelectorAll(".turn").forEach((node) => {
      node.classList.toggle("selected", node.id === turn.id);
    });
  }

  /** Called when the tabs are on the page: one is chosen, the arrows go on to the next. */
  function tabs(root) {
    const all = [...root.querySelectorAll('[role="tab"]')];
    all.forEach((tab) => tab.addEventListener("click", () => selectTab(tab.id)));
    root.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
      selectTab(next.id);
      next.focus();
    });
    prepareTabPanels(all);
  }

  function prepareTabPanels(all) {
    const panels = all.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
    if (panels.includes(null)) {
      window.requestAnimationFrame(() => prepareTabPanels(all)); // still loading
      return;
    }
    panels.forEach((panel, at) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", all[at].id);
      panel.tabIndex = 0;
    });
    selectTab("tab-sources");
  }

  function selectTab(id) {
    document.querySelectorAll('#tabs [role="tab"]').forEach((tab) => {
      const chosen = tab.id === id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls"))?.toggleAttribute(
        "hidden",
        !chosen,
      );
    });
  }

  /** Bring the panel up: on a phone it covers the conversation until the person goes back. */
  function openPanel(tab, from) {
    if (!from.closest("#panel")) trail.length = 0;
    trail.push(from);
    selectTab(tab);
    if (isPhone() && !document.body.classList.contains("panel-open")) {
      history.pushState({ citadel: "panel" }, "");
    }
    document.body.classList.add("panel-open");
    document.body.classList.toggle("article-open", tab === "tab-reading");
    nameBack();
  }

  /** Go back one step: from the article to the source it was opened from, or to the answer. */
  function back() {
    if (trail.at(-1)?.closest("#panel")) backWithinPanel();
    else if (history.state?.citadel === "panel") history.back(); // popstate closes the panel
    else closePanel();
  }

  function backWithinPanel() {
    const from = trail.pop();
    selectTab(from.closest("#library") ? "tab-library" : "tab-sources");
    document.body.classList.remove("article-open");
    nameBack();
    from.focus();
  }

  function closePanel() {
    document.body.classList.remove("panel-open", "article-open");
    selectTab("tab-sources");
    const from = trail[0];
    trail.length = 0;
    if (from?.isConnected) from.focus();
  }

  function nameBack() {
    const from = trail.at(-1)?.closest("#sources, #library");
    const place = from ? (from.id === "sources" ? "sources" : "articles") : "answer";
    find("#back").textContent = `Back to ${place}`;
  }

  // ---- the article

  /** Called when the article is on the page; `trigger` asks the server for another one. */
  function read(trigger, watch) {
    fetchArticle = trigger;
    const button = element("button", "", "Back to answer");
    button.type = "button";
    button.id = "back";
    button.addEventListener("click", back);
    document.body.append(button);
    watch("value", () => {
      if (wanted) markPlace(wanted);
    });
  }

  /** Return the place that an address names: “#report.md:50:1190-1267”, or null. */
  function parsePlace(hash) {
    const parts = /^#([^:]+):(\d+)(?::(\d+)-(\d+))?$/.exec(hash);
    if (!parts) return null;
    const [, source, paragraph, start, end] = parts;
    return {
      source: decodeURIComponent(source),
      paragraph,
      start: start === undefined ? null : Number(start),
      end: Number(end ?? 0),
    };
  }

  function openPlace(place, from) {
    openPanel("tab-reading", from);
    wanted = place;
    if (find("#reading .reading")?.dataset.source === place.source) markPlace(place);
    else fetchArticle(place.source);
  }

  /** Mark a sentence and move the focus to it; the paragraph where no sentence is named. */
  function markPlace(place) {
    wanted = null;
    document.querySelectorAll("#reading .cited").forEach((sentence) => {
      sentence.classList.remove("cited");
      sentence.removeAttribute("tabindex");
    });
    const paragraph = document.getElementById(`p${place.paragraph}`);
    if (!paragraph) return;
    const cited = [...paragraph.querySelectorAll("[data-start]")].filter(
      (sentence) =>
        place.start !== null &&
        Number(sentence.dataset.start) < place.end &&
        Number(sentence.dataset.end) > place.start,
    );
    cited.forEach((sentence) => sentence.classList.add("cited"));
    const target = cited[0] ?? find("p", paragraph);
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    paragraph.scrollIntoView({ block: "center", behavior: smooth() });
  }

  // ---- what a person does

  function onClick(event) {
    const link = event.target.closest?.("a[href^='#']");
    const place = link && parsePlace(link.getAttribute("href"));
    if (place) {
      event.preventDefault();
      const turn = turnOf(link);
      if (turn?.sources) showSources(turn);
      openPlace(place, link);
      return;
    }
    if (link?.classList.contains("heading-link")) {
      event.preventDefault();
      const heading = document.getElementById(link.getAttribute("href").slice(1));
      heading.scrollIntoView({ block: "start", behavior: smooth() });
      heading.focus({ preventScroll: true });
      return;
    }
    const button = event.target.closest?.("button");
    if (button) onButton(button);
  }

  function onButton(button) {
    const turn = turnOf(button);
    if (button.id === "new-chat") startAnew();
    else if (button.classList.contains("example")) ask(button.textContent);
    else if (button.classList.contains("words-only")) ask(turn.question, []);
    else if (button.classList.contains("again")) askAgain(turn);
    else if (button.classList.contains("copy")) copyQuote(button);
    else if (button.classList.contains("show-sources")) {
      showSources(turn);
      openPanel("tab-sources", button);
    }
  }

  function turnOf(node) {
    const id = node.closest(".turn")?.id;
    return turns.find((turn) => turn.id === id);
  }

  function onKey(event) {
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (isPhone()) back();
      composer().focus();
    } else if (event.key === "Escape" && trail.length) {
      back();
    }
  }

  async function copyQuote(button) {
    const { quote, reference } = button.dataset;
    const link = button.parentElement.querySelector("a.read").getAttribute("href");
    const address = `${window.location.origin}${window.location.pathname}${link}`;
    const text = `“${quote}” — ${reference}, ${address}`;
    const copied = (await copyText(text)) ? "Copied" : "Copying is not allowed here";
    button.textContent = copied;
    find("#announcer").textContent = copied;
    window.setTimeout(() => {
      button.textContent = "Copy quote";
    }, 2000);
  }

  async function copyText(text) {
    if (navigator.clipboard) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch (error) {
        console.warn("The clipboard refused:", error);
      }
    }
    // Without HTTPS browsers offer only the older way.
    const area = element("textarea", "visually-hidden");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  return { ask, converse, failed, list, read, receive, stop, tabs };
})();
