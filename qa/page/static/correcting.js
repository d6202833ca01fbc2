// Correcting what is known about the article on the screen, where the server allows it: what was
// changed is sent, and the article is shown anew from the index that has it.
"use strict";

(() => {
  const page = window.citadel;
  const { find } = page;
  const { say } = window.citadelSpeech;
  const FIELDS = ["title", "author", "publisher", "date", "url"];
  let corrected = false;

  /** Called when an article is on the page. */
  page.offerCorrecting = () => {
    const template = find("#correcting-form");
    const reading = find("#reading .reading");
    if (!template || !reading || find(".correcting", reading)) return;
    find("header", reading).after(template.content.cloneNode(true));
    const details = find(".correcting", reading);
    details.lang = document.documentElement.lang;
    details.dir = document.documentElement.dir;
    const form = find("form", details);
    if (corrected) find("summary", details).focus();
    corrected = false;
    details.addEventListener("toggle", () => {
      if (details.open && !details.dataset.known) fill(details, reading.dataset.source);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // the article has forms of its own
      submit(details, form, reading.dataset.source);
    });
  };

  /** Fill the form with what is known now. */
  async function fill(details, source) {
    try {
      const reply = await fetch("api/articles", { cache: "no-store" });
      const { articles } = await reply.json();
      const known = articles.find((article) => article.source === source);
      if (!known) throw new Error(source);
      details.dataset.known = JSON.stringify(FIELDS.map((name) => known[name]));
      FIELDS.forEach((name) => {
        find("form", details).elements[name].value = known[name];
      });
    } catch (error) {
      console.warn("What is known was not read:", error);
      find(".wrong", details).textContent = say("The connection is lost; waiting for the server.");
    }
  }

  async function submit(details, form, source) {
    if (!details.dataset.known) await fill(details, source);
    if (!details.dataset.known) return;
    const known = JSON.parse(details.dataset.known);
    const written = FIELDS.map((name) => form.elements[name].value.trim());
    const changed = FIELDS.map((name, at) => [name, written[at]]).filter(
      (_, at) => written[at] !== known[at],
    );
    const wrong = find(".wrong", form);
    wrong.textContent = changed.length ? "" : say("Nothing is changed yet.");
    if (changed.length === 0) return;
    const send = find("button", form);
    send.disabled = true;
    page.announce(say("Being corrected…"));
    const record = await page.following(await sent(source, Object.fromEntries(changed)));
    send.disabled = false;
    if (record.stage === "refused") {
      wrong.textContent = `${say("Not corrected.")} ${record.detail}`;
      return;
    }
    page.announce(say("Corrected."));
    show(source, record.index);
  }

  async function sent(source, corrections) {
    try {
      const reply = await fetch(`api/articles/${encodeURIComponent(source)}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(corrections),
      });
      const told = await reply.json();
      if (reply.status === 202) return told;
      return { stage: "refused", detail: told.detail ?? "" };
    } catch (error) {
      console.warn("The correction was not sent:", error);
      return { stage: "refused", detail: say("The connection was lost; send it again.") };
    }
  }

  /** Show the article as it is known now, and stay where the form was. */
  function show(source, index) {
    page.listArticlesOf(index);
    find("#reading .correcting")?.remove();
    corrected = true;
    page.showArticle(source, index);
    // What was corrected back and forth is the same index: nothing arrives.
    if (find("#reading .reading").dataset.index === index) page.offerCorrecting();
  }
})();
