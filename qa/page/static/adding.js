// Adding articles, where the server allows it: files or pasted text are sent to it, one by one, and
// it is asked how far they have come. Its replies are only ever set as text.
"use strict";

(() => {
  const page = window.citadel;
  const { element, find } = page;
  const { again, counted, languageName, say } = window.citadelSpeech;
  const LARGEST = 50e6; // the server refuses more; it need not get that far
  const LOOK_EVERY = 700; // milliseconds
  const DETAILS = ["title", "author", "publisher", "date", "url"];

  /** Called when the list of articles is on the page. */
  page.offerAdding = (panel, refreshList) => {
    const template = find("#adding-form");
    if (!template) return; // the server takes no articles
    panel.prepend(template.content.cloneNode(true));
    const box = find(".adding", panel);
    const form = find("form", box);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // the list has forms of its own
      submit(box, form, refreshList);
    });
    find("#add-files", form).addEventListener("change", () => tellSeveral(form));
    acceptDrops(panel, box, form);
    tellSeveral(form);
  };

  /** What is known is about one article: of several files each tells for itself. */
  function tellSeveral(form) {
    const several = find("#add-files", form).files.length > 1;
    find("fieldset", form).disabled = several;
    find("legend", form).textContent = several
      ? say("Several files are chosen: each tells this itself. Add one alone to write it here.")
      : say("What you know about it. What you leave out, the file tells.");
  }

  function acceptDrops(panel, box, form) {
    const holdsFiles = (event) => [...event.dataTransfer.types].includes("Files");
    panel.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      box.open = true;
      box.classList.add("dropping");
    });
    panel.addEventListener("dragleave", () => box.classList.remove("dropping"));
    panel.addEventListener("drop", (event) => {
      box.classList.remove("dropping");
      if (!holdsFiles(event)) return;
      event.preventDefault();
      find("#add-files", form).files = event.dataTransfer.files;
      tellSeveral(form);
      find("button", form).focus();
    });
  }

  async function submit(box, form, refreshList) {
    const wrong = find(".wrong", form);
    const sent = whatIsSent(form);
    wrong.textContent = sent.length ? "" : say("Choose a file, or paste a text.");
    if (sent.length === 0) return;
    const send = find("button", form);
    send.disabled = true;
    const known = find("fieldset", form).disabled ? {} : whatIsKnown(form);
    const list = find(".additions", box);
    const inTurn = oneByOne();
    const begun = sent.map(({ name, body }) => add(list, name, body, known, inTurn));
    list.firstElementChild.scrollIntoView({ block: "nearest", behavior: page.smooth() });
    const outcomes = await Promise.all(begun);
    send.disabled = false;
    if (outcomes.includes("added")) refreshList();
    // Whatever was refused stays in the form, to be mended and sent again.
    if (outcomes.every((outcome) => outcome === "added")) {
      form.reset();
      tellSeveral(form);
    }
  }

  /** Return a function that does things one after another: the server takes few files at once. */
  function oneByOne() {
    let last = Promise.resolve();
    return (work) => {
      last = last.then(work);
      return last;
    };
  }

  function whatIsSent(form) {
    const files = [...find("#add-files", form).files];
    const sent = files.map((file) => ({ name: file.name, body: file }));
    const text = find("#add-text", form).value;
    if (text.trim()) {
      const title = find("#add-title", form).value.trim();
      sent.push({ name: unused(nameOf(title || text.trim())), body: new Blob([text]) });
    }
    return sent;
  }

  /** A pasted text is kept as a file that has its first words for a name. */
  function nameOf(text) {
    const words = text.split("\n")[0].replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
    return `${[...words].slice(0, 60).join("").trim() || "text"}.txt`;
  }

  /** Nobody gave the name, so nobody has to give another one. */
  function unused(name) {
    const links = [...document.querySelectorAll("#library a.read")];
    const taken = links.map((link) => page.parsePlace(link.getAttribute("href"))?.source);
    let free = name;
    for (let number = 2; taken.includes(free); number += 1) {
      free = name.replace(/\.txt$/, ` ${number}.txt`);
    }
    return free;
  }

  function whatIsKnown(form) {
    const fields = DETAILS.map((name) => [name, form.elements[name].value.trim()]);
    return Object.fromEntries(fields.filter(([, value]) => value));
  }

  /** Send one file and follow it to its end; return its last stage. */
  async function add(list, name, body, known, inTurn) {
    const item = element("li", "addition");
    const heading = element("h3", "");
    heading.append(element("bdi", "", name));
    const bar = element("progress", "");
    bar.setAttribute("aria-label", say("Progress of {name}", { name }));
    const state = element("p", "state", say("Being sent…"));
    const onProgress = (done, total) => {
      bar.max = total;
      bar.value = done;
    };
    item.append(heading, bar, state, element("ul", "remarks"));
    forgetRefused(list, name);
    list.prepend(item);
    if (body.size > LARGEST) {
      const megabytes = LARGEST / 1e6;
      const why = say("{name} is larger than {megabytes} MB; split it or save it without pictures.", {
        name,
        megabytes,
      });
      return show(item, name, { stage: "refused", detail: why });
    }
    const begun = await inTurn(() => post(name, body, known, onProgress));
    const record = await page.following(begun, (news) => show(item, name, news));
    return show(item, name, record);
  }

  /** Ask for what the server began until it has ended; return the last that it told. */
  page.following = async (begun, tell = () => {}) => {
    let record = begun;
    while (!["added", "refused"].includes(record.stage)) {
      tell(record);
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY));
      record = await look(record);
    }
    return record;
  };

  /** What was refused and is sent again is told of once. */
  function forgetRefused(list, name) {
    [...list.children]
      .filter((item) => item.dataset.stage === "refused" && find("h3", item).textContent === name)
      .forEach((item) => item.remove());
  }

  /** Send a file; while the server has no room for it, try again. */
  async function post(name, body, known, onProgress) {
    let reply = await postOnce(name, body, known, onProgress);
    while (reply.retryAfter) {
      const seconds = reply.retryAfter;
      await new Promise((resolve) => window.setTimeout(resolve, 1000 * seconds));
      reply = await postOnce(name, body, known, onProgress);
    }
    return reply;
  }

  function postOnce(name, body, known, onProgress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch tells nothing of how much is sent
      const refuse = (detail) => resolve({ stage: "refused", detail });
      request.open("POST", `api/articles?${new URLSearchParams({ name, ...known })}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
      request.onerror = () => refuse(say("The connection was lost. Nothing was added; send it again."));
      request.onload = () => {
        const reply = parsed(request.responseText);
        const retryAfter = Number(request.getResponseHeader("Retry-After"));
        if (request.status === 202 && reply) resolve(reply);
        else if (request.status === 503 && retryAfter) resolve({ retryAfter });
        else refuse(reply?.detail ?? say("The server refused it ({status}).", { status: request.status }));
      };
      request.send(body);
    });
  }

  /** Ask how far it has come; while the server can't be reached, nothing has changed. */
  async function look(record) {
    try {
      const reply = await fetch(`api/additions/${record.id}`, { cache: "no-store" });
      const told = parsed(await reply.text());
      if (reply.ok && told) return told;
      if (reply.status === 404) return { ...record, stage: "refused", detail: told?.detail ?? "" };
      return record;
    } catch {
      return { ...record, detail: say("The connection is lost; waiting for the server.") };
    }
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** Show how far a file has come; say it aloud when it is another stage. */
  function show(item, name, record) {
    const { stage, detail, articles = [], notes = [], failures = [] } = record;
    const bar = find("progress", item);
    const ended = ["added", "refused"].includes(stage);
    if (stage === "embedding" && record.total > 0) {
      bar.max = record.total;
      bar.value = record.done;
    } else if (!ended) {
      bar.removeAttribute("value");
    }
    if (ended) bar?.remove();
    const said = words(stage, detail);
    find(".state", item).replaceChildren(...said);
    const spoken = find(".state", item).textContent;
    if (item.dataset.stage !== stage) page.announce(`${name}: ${spoken}`);
    item.dataset.stage = stage;
    const told = [...articles.map(described), ...notes.map(sentence), ...failures.map(unread)];
    find(".remarks", item).replaceChildren(...told.map(remark));
    const link = stage === "added" && !find("a", item) ? readLink(articles[0]) : null;
    if (link) item.append(link);
    return stage;
  }

  /** Return what is said of a stage; what a file can't be read for is in English, and runs its way. */
  function words(stage, detail) {
    const said = {
      waiting: say("Waiting for the files before it."),
      reading: say("Being read…"),
      embedding: say("Its sentences are being embedded…"),
      added: say("Added. You can ask about it now."),
      refused: say("Not added."),
    }[stage];
    const told = element("bdi", "", again(detail));
    return stage === "refused" ? [said, " ", told] : [detail ? told : said];
  }

  /** Return what was read of an article; a title may run the other way than the words around. */
  function described({ title, language, paragraphs }) {
    const length = counted("{count} paragraph", "{count} paragraphs", paragraphs);
    const about = say("“{title}”: {length}, {language}", {
      title: "\0",
      length,
      language: languageName(language),
    });
    const [before, after] = about.split("\0");
    return [before, element("bdi", "", title), after];
  }

  const sentence = (note) => [`${note[0].toUpperCase()}${note.slice(1)}.`];
  const unread = (failure) => [say("Could not be read: {failure}.", { failure })];

  function remark(parts) {
    const item = element("li", "");
    item.dir = "auto";
    item.append(...parts);
    return item;
  }

  function readLink(article) {
    if (!article) return null;
    const link = element("a", "read", say("Read"));
    link.href = `#${encodeURIComponent(article.source)}:1`;
    const line = element("p", "actions");
    line.append(link);
    return line;
  }
})();
