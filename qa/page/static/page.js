// The conversation, and the way from a citation to its sentence in the article.
// HTML arrives escaped from the server (qa/page/); what a person typed is only ever set as
// text. Nothing here talks to another machine.
"use strict";

window.citadel = (() => {
  const LONGEST_QUESTION = 500;
  const EARLIER_QUESTIONS = 6; // more than a follow-up leans on, less than the server accepts
  const chats = window.citadelChats;
  const { counted, language, say } = window.citadelSpeech;

  /** Asked questions in order: { id, question, earlier, answer, sources, transcript, index,
      language }; answer is null while searching, and stays in the language it was given in. */
  let turns = [];
  let nothingYet = ""; // what the list of sources says before the first question
  let pending = null;
  let send = null;
  let fetchArticle = null;
  let sourceList = null;
  let wanted = null; // the place to open once its article has arrived
  const trail = []; // the links that were followed, to go back along
  const actions = {}; // what a button does, by its id or class; the other scripts add theirs

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

  function button(className, text) {
    const made = element("button", className, text);
    made.type = "button";
    return made;
  }

  function announce(text) {
    find("#announcer").textContent = text;
  }

  // ---- conversation

  /** Called when the conversation is on the page; `trigger` sends a question to the server. */
  function converse(root, trigger) {
    send = trigger;
    const list = element("div", "turns");
    root.append(list);
    document.body.append(announcer());
    restore();
    placeMenu();
    window.matchMedia("(max-width: 900px)").addEventListener("change", placeMenu);
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", () => closePanel());
    window.addEventListener("offline", checkConnection);
    prepareComposer();
  }

  /** Follow the link that brought the person here: to a question, or to a place in an article. */
  function followAddress() {
    const asked = new URLSearchParams(window.location.search);
    const { hash } = window.location;
    const place = parsePlace(hash) ?? parseAnchor(asked.get("a"), hash);
    if (place) openPlace(place, composer());
    const question = asked.get("q");
    if (!question) return;
    const names = ["only", "without"].filter((name) => asked.has(name));
    const scope = Object.fromEntries(names.map((name) => [name, asked.getAll(name)]));
    const linked = {
      after: asked.getAll("after"),
      scope: asked.has("index") ? scope : null, // links of earlier versions say nothing of it
      made: { index: asked.get("index") ?? "", answer: asked.get("answer") ?? "" },
    };
    // A reload must not ask it again.
    history.replaceState(history.state, "", window.location.pathname);
    if ([...question.trim()].length > LONGEST_QUESTION) setComposer(question.slice(0, 2000));
    else ask(question, linked.after, asked.get("words") === "only", linked);
  }

  /** The menu stands under the composer; on a phone in the header, behind “More”. */
  function placeMenu() {
    const bar = find("#menu-bar");
    const home = find(isPhone() ? ".masthead" : "#composer");
    if (!bar || !home) {
      window.requestAnimationFrame(placeMenu); // still loading
      return;
    }
    home.append(bar);
    bar.classList.add("placed");
    openMenu(false);
    refreshMenu();
  }

  function openMenu(open) {
    find("#more").setAttribute("aria-expanded", String(open));
    find("#menu-bar").classList.toggle("open", open);
  }

  function refreshMenu() {
    const empty = turns.length === 0;
    ["new-chat", "copy-link", "save-transcript"].forEach((id) => {
      document.getElementById(id)?.toggleAttribute("disabled", empty);
    });
    const kept = !empty || chats.earlier().length > 0;
    document.getElementById("clear-history")?.toggleAttribute("disabled", !kept);
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
        [...box.value.trim()].length > LONGEST_QUESTION
          ? tooLong()
          : "";
    });
    whenReady(followAddress);
  }

  const tooLong = () =>
    counted(
      "Questions can be up to {count} character.",
      "Questions can be up to {count} characters.",
      LONGEST_QUESTION,
    );

  function whenReady(work) {
    if (fetchArticle && sourceList && find('#reading[role="tabpanel"]')) work();
    else window.requestAnimationFrame(() => whenReady(work)); // still loading
  }

  /** Ask what stands in the composer, or the question given; literally: in those words only.
      A link brings the questions that its own leans on, and what its answer was made from. */
  function ask(given = null, earlier = null, literal = false, linked = null) {
    const box = composer();
    const question = (given ?? box.value).trim();
    if (pending || !question) return;
    if ([...question].length > LONGEST_QUESTION) {
      find("#hint").textContent = tooLong();
      return;
    }
    if (given === null) setComposer("");
    const answered = turns.filter((turn) => turn.answer !== null);
    const all = earlier ?? answered.flatMap((t) => [...(t.linked?.after ?? []), t.question]);
    const before = all.slice(-EARLIER_QUESTIONS);
    const scope = linked?.scope ?? window.citadel.scope();
    const turn = {
      id: `turn-${Date.now()}`, question, earlier: before, literal, scope, linked, answer: null,
      sources: "", language,
    };
    turns.push(turn);
    pending = turn;
    show(turn);
    setBusy(true);
    keep();
    const made = linked?.made ?? null;
    send({ turn: turn.id, question, earlier: before, literal, scope, linked: made, language });
    window.setTimeout(() => watchConnection(turn), 4000);
  }

  /** Try a question again in the place where it failed. */
  function askAgain(failed) {
    if (pending) return;
    turns = turns.filter((turn) => turn !== failed);
    document.getElementById(failed.id).remove();
    ask(failed.question, failed.earlier, failed.literal, failed.linked);
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
    find("#welcome").hidden = true;
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
      speakAs(answer, turn);
      window.citadel.offerFeedback(turn, answer);
    }
    node.scrollIntoView({ block: "start", behavior: smooth() });
  }

  function waitingText() {
    const articles = document.querySelectorAll("#library .library > li").length;
    return articles > 1 ? say("Searching the articles…") : say("Searching the article…");
  }

  /** What was said in another language of the page, before that was changed, runs as it did. */
  function speakAs(node, turn) {
    const spoken = turn.language ?? "en";
    node.lang = spoken;
    node.dir = window.citadelSpeech.directionOf(spoken);
  }

  /** Called with each reply of the server. One that was stopped is not shown. */
  function receive(reply) {
    if (reply?.reported) window.citadel.reported(reply);
    if (!pending || reply?.turn !== pending.id) return;
    if (reply.index) {
      tellOfRenewal(reply);
      window.citadel.listArticlesOf(reply.index);
    }
    pending.transcript = reply.transcript;
    pending.index = reply.index;
    pending.link = reply.link;
    finish(reply.answer, reply.sources, reply.announcement);
  }

  /** Say that a new index is being built, and later that answers come from it; or why not. */
  function tellOfRenewal(reply) {
    const before = turns.findLast((turn) => turn.index);
    const isNew = before && before.index !== reply.index && !reply.behind;
    if (isNew) {
      banner(say("The new version of the sources is ready. Answers now come from it."), "sources");
    } else if (reply.rebuilding) {
      banner(
        say("The sources are being read anew. Until that is done, the version before answers."),
        "sources",
      );
    } else if (reply.behind) {
      banner(reply.behind, "sources");
    } else if (find("#banner").dataset.about === "sources") {
      banner("");
    }
  }

  function finish(answer, sources, announcement) {
    const turn = pending;
    pending = null;
    turn.answer = answer;
    turn.sources = sources;
    show(turn);
    window.citadel.markCited();
    if (sources) {
      showSources(turn);
      selectTab("tab-sources");
      document.body.classList.remove("article-open");
      trail.length = 0;
    }
    setBusy(false);
    announce(announcement);
    keep();
  }

  function finishWithNotice(verdict, text) {
    finish(notice(verdict, text), "", `${verdict} ${text}`);
  }

  function notice(verdict, text) {
    const box = element("div", "");
    box.append(element("p", "verdict", verdict), element("p", "", text));
    box.append(button("again", say("Try again")));
    return box.innerHTML;
  }

  function stop() {
    if (pending) finishWithNotice(say("Stopped."), say("Your question is still here."));
  }

  /** The server refused the call itself: it is full, or it broke before it could answer. */
  function failed() {
    if (pending) {
      finishWithNotice(say("Search did not work."), say("Nothing was lost. Try again in a moment."));
    }
  }

  /** A lost connection never reports itself, so we look as long as an answer is missing. */
  async function watchConnection(turn) {
    if (pending !== turn) return;
    try {
      await fetch("gradio_api/app_id", { cache: "no-store" });
      window.setTimeout(() => watchConnection(turn), 4000);
    } catch {
      if (pending !== turn) return;
      finishWithNotice(say("Connection lost."), say("Your conversation is still here."));
      checkConnection();
    }
  }

  /** Say above everything that the connection is lost, until it is back. */
  async function checkConnection() {
    try {
      await fetch("gradio_api/app_id", { cache: "no-store" });
      if (find("#banner").dataset.about === "connection") banner("");
    } catch {
      banner(`${say("Connection lost.")} ${say("Your conversation is still here.")}`, "connection");
      window.setTimeout(checkConnection, 3000);
    }
  }

  /** Show one line above everything, and keep what it is about; "" takes it away. */
  function banner(text, about = "") {
    find("#banner").textContent = text;
    find("#banner").dataset.about = about;
  }

  // ---- keeping the conversation: Gradio reloads the page when the server comes back

  function keep() {
    chats.keep(turns);
    refreshMenu();
  }

  function restore() {
    turns = chats.load();
    turns
      .filter((turn) => turn.answer === null)
      .forEach((turn) => {
        turn.answer = notice(
          say("Interrupted."),
          say("The page was loaded anew. Your question is still here."),
        );
        turn.language = language;
      });
    turns.forEach(show);
    showEarlier();
  }

  /** Begin with an empty conversation; those before stay in the list of earlier ones. */
  function startAnew(forget = chats.startAnew) {
    if (pending) {
      pending = null; // its reply has no place any more
      setBusy(false);
      find("#stop").click();
    }
    forget();
    showChat();
    composer().focus();
  }

  /** Show the conversation of this tab in place of the one that is shown. */
  function showChat() {
    turns = [];
    log().replaceChildren();
    find("#welcome").hidden = false;
    restore();
    const last = turns.findLast((turn) => turn.sources);
    if (last) showSources(last);
    else showNoSources();
    selectTab("tab-sources");
    window.citadel.markCited();
    refreshMenu();
  }

  function showNoSources() {
    sourceList.innerHTML = nothingYet;
    speakAs(sourceList, { language });
  }

  /** List the conversations that this browser keeps under the examples. */
  function showEarlier() {
    find("#earlier")?.remove();
    const kept = chats.earlier();
    if (kept.length === 0) return;
    const list = element("ul", "examples");
    kept.forEach(({ key, question, turns: all }) => {
      const item = element("li", "");
      const open = button("earlier", "");
      const asked = element("bdi", "", question);
      open.append(asked);
      open.dataset.key = key;
      if (all > 1) {
        const more = counted("and {count} more", "and {count} more", all - 1);
        open.append(" ", element("span", "count", more));
      }
      item.append(open);
      list.append(item);
    });
    const section = element("section", "");
    section.id = "earlier";
    section.append(
      element("h3", "", say("Earlier in this browser")),
      element("p", "", say("Conversations are kept in this browser only.")),
      list,
    );
    find("#welcome").append(section);
  }

  function clearHistory() {
    startAnew(chats.clear);
    announce(say("History cleared"));
  }

  function openEarlier(key) {
    chats.open(key);
    showChat();
    composer().focus();
  }

  // ---- the language

  /** Called when the head of the page is there: a choice is kept, and the page loaded in it. */
  function languages(root) {
    const choice = find("#language", root);
    choice.addEventListener("change", () => {
      const { pathname } = window.location;
      const kept = `path=${pathname}; max-age=31536000; SameSite=Lax`;
      document.cookie = `citadel-language=${choice.value}; ${kept}`;
      window.location.reload();
    });
  }

  // ---- the panel

  /** Called when the list of sources is on the page. */
  function list(root) {
    sourceList = root;
    nothingYet = root.innerHTML;
    const last = turns.findLast((turn) => turn.sources);
    if (last) showSources(last);
  }

  /** Show the sources of one turn, the latest or an older one. */
  function showSources(turn) {
    if (!sourceList) return; // still loading: list() shows them
    sourceList.innerHTML = turn.sources;
    speakAs(sourceList, turn);
    window.citadel?.markSaved();
    find("#sources").scrollTop = 0;
    document.querySelectorAll(".turn").forEach((node) => {
      node.classList.toggle("selected", node.id === turn.id);
    });
  }

  /** Called when the tabs are on the page: one is chosen, the arrows go on to the next. */
  function tabs(root) {
    const all = [...root.querySelectorAll('[role="tab"]')];
    all.forEach((tab) => tab.addEventListener("click", () => selectTab(tab.id)));
    root.addEventListener("keydown", (event) => {
      const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
      const step = { ArrowRight: ahead, ArrowLeft: -ahead }[event.key];
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
    window.citadel?.tabShown?.(id);
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
    while (trail.length && !trail.at(-1).isConnected) trail.pop(); // its list was made anew
    if (trail.at(-1)?.closest("#panel")) backWithinPanel();
    else if (history.state?.citadel === "panel") history.back(); // popstate closes the panel
    else closePanel();
  }

  function backWithinPanel() {
    const from = trail.pop();
    selectTab(from.closest('[role="tabpanel"]').getAttribute("aria-labelledby"));
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

  /** Go back to the conversation at once, from wherever in the panel. */
  function leavePanel() {
    trail.length = 0;
    if (history.state?.citadel === "panel") history.back(); // popstate closes the panel
    else closePanel();
  }

  function nameBack() {
    const from = trail.at(-1)?.closest("#sources, #library, #dates, #finding, #names, #clippings");
    const names = {
      sources: say("Back to sources"),
      library: say("Back to articles"),
      dates: say("Back to timeline"),
      finding: say("Back to passages"),
      names: say("Back to names"),
      clippings: say("Back to clippings"),
    };
    const otherwise = turns.length ? say("Back to answer") : say("Back to questions");
    find("#back").textContent = names[from?.id] ?? otherwise;
  }

  // ---- the article

  /** Called when the article is on the page; `trigger` asks the server for another one. */
  function read(trigger, watch) {
    fetchArticle = trigger;
    const toAnswer = button("", say("Back to answer"));
    toAnswer.id = "back";
    toAnswer.addEventListener("click", back);
    document.body.append(toAnswer);
    watch("value", () => {
      window.citadel.markCited();
      window.citadel.articleArrived();
      window.citadel.offerCorrecting();
      if (wanted) markPlace(wanted);
    });
    window.citadel.markCited();
    window.citadel.offerCorrecting();
  }

  /** Return the place that an address names: “#report.md:50:1190-1267”, or null. */
  function parsePlace(hash) {
    const parts = /^#([^:]+):(\d+)(?::(\d+)-(\d+))?$/.exec(hash);
    if (!parts) return null;
    const [, source, paragraph, start, end] = parts;
    return {
      source: decodeURIComponent(source),
      paragraph,
      id: `p${paragraph}`,
      start: start === undefined ? null : Number(start),
      end: Number(end ?? 0),
    };
  }

  /** Return the place that a shared link names: “?a=report.md#p7”, or a heading; or null. */
  function parseAnchor(source, hash) {
    const shown = source ?? find("#reading .reading")?.dataset.source;
    const id = /^#(p\d+|heading-\d+)$/.exec(hash)?.[1];
    if (!shown || !(source || id)) return null;
    return { source: shown, id: id ?? "p1", start: null, end: 0 };
  }

  function openPlace(place, from) {
    openPanel("tab-reading", from);
    wanted = place;
    showArticle(place.source, place.index);
  }

  /** Get an article and its timeline onto the page, as the index of an answer has it. */
  function showArticle(source, index = null) {
    const shown = find("#reading .reading")?.dataset;
    if (shown?.source !== source || (index && shown.index !== index)) fetchArticle({ source, index, language });
    else if (wanted) markPlace(wanted);
  }

  /** Mark a sentence and move the focus to it; the paragraph where no sentence is named. */
  function markPlace(place) {
    wanted = null;
    document.querySelectorAll("#reading .cited").forEach((sentence) => {
      sentence.classList.remove("cited");
      sentence.removeAttribute("tabindex");
    });
    const paragraph = document.getElementById(place.id);
    if (!paragraph) return;
    const cited = [...paragraph.querySelectorAll("[data-start]")].filter(
      (sentence) =>
        place.start !== null &&
        Number(sentence.dataset.start) < place.end &&
        Number(sentence.dataset.end) > place.start,
    );
    cited.forEach((sentence) => sentence.classList.add("cited"));
    const target = cited[0] ?? find("p", paragraph) ?? paragraph;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    window.citadel.offerPage(paragraph, cited);
    // The sentence, not its paragraph: that may be longer than the screen.
    (cited[0] ?? paragraph).scrollIntoView({ block: "center", behavior: smooth() });
  }

  // ---- what a person does

  function onClick(event) {
    const link = event.target.closest?.("a[href^='#']");
    const place = link && parsePlace(link.getAttribute("href"));
    if (place) {
      event.preventDefault();
      const turn = turnOf(link);
      if (turn?.sources) showSources(turn);
      openPlace({ ...place, index: turn?.index ?? link.dataset.index }, link);
      return;
    }
    if (link?.classList.contains("heading-link")) {
      event.preventDefault();
      const heading = document.getElementById(link.getAttribute("href").slice(1));
      heading.scrollIntoView({ block: "start", behavior: smooth() });
      heading.focus({ preventScroll: true });
      return;
    }
    const anchor = event.target.closest?.("a.anchor");
    if (anchor && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      window.citadel.onAnchor(anchor);
      return;
    }
    const pressed = event.target.closest?.("button");
    if (pressed?.id !== "more") openMenu(false);
    if (pressed) onButton(pressed);
  }

  Object.assign(actions, {
    "new-chat": () => startAnew(),
    "clear-history": clearHistory,
    more: (pressed) => openMenu(pressed.getAttribute("aria-expanded") !== "true"),
    example: (pressed) => ask(pressed.textContent),
    earlier: (pressed) => openEarlier(pressed.dataset.key),
    "words-only": (pressed, turn) => ask(turn.question, [], true),
    again: (pressed, turn) => askAgain(turn),
    copy: copyReference,
    "copy-as": copyReference,
    "show-sources": (pressed, turn) => {
      showSources(turn);
      openPanel("tab-sources", pressed);
    },
  });

  function onButton(pressed) {
    const action = [pressed.id, ...pressed.classList].find((name) => name in actions);
    if (action) actions[action](pressed, turnOf(pressed));
  }

  function turnOf(node) {
    const id = node.closest(".turn")?.id;
    return turns.find((turn) => turn.id === id);
  }

  /** The turn whose sources are shown, else the latest. */
  function shownTurn() {
    const id = find(".turn.selected")?.id;
    return turns.find((turn) => turn.id === id) ?? turns.at(-1);
  }

  function onKey(event) {
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (isPhone()) back();
      composer().focus();
    } else if (event.key === "Escape" && find("#menu-bar.open")) {
      openMenu(false);
      find("#more").focus();
    } else if (event.key === "Escape" && trail.length) {
      back();
    }
  }

  /** Copy what qa/page/references.py wrote into the button. */
  async function copyReference(pressed) {
    const done = await copyText(pressed.dataset.text);
    confirm(pressed, done ? say("Copied") : say("Copying is not allowed"));
  }

  /** Say on the button itself, for a moment, what came of pressing it. */
  function confirm(pressed, told) {
    pressed.dataset.name ??= pressed.textContent;
    pressed.textContent = told;
    announce(told);
    window.setTimeout(() => {
      pressed.textContent = pressed.dataset.name;
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

  return {
    ...{ actions, announce, button, confirm, copyText, element, find, keep, openPanel, parsePlace },
    ...{ ask, banner, converse, failed, languages, list, read, receive, stop, tabs },
    ...{ leavePanel, showArticle, shownTurn, smooth, turnOf, turns: () => turns },
  };
})();
